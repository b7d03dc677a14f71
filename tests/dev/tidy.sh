#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# clang-tidy over all sources of a build folder; a file is looked at again only when it or one of its headers changed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
FOLDER=$1
CACHE=${BUILD:-build}/tidy
CONFIG=tests/house/clang-tidy.yaml
mkdir -p "$CACHE"

look_at() {
    local file=$1 key out
    # Names and contents of everything of ours that this file sees.
    key=$( (clang-14 -MM -MG -D_GNU_SOURCE -DANCHORAGE_VERSION='""' -I core -I core/include -I "$FOLDER/gen" -I tests \
        -I plugins "$file" 2>/dev/null || echo "$file") | sed 's/\\$//' | tr -s ' ' '\n' | grep -v ':$' | grep . | sort -u |
        { xargs cat "$CONFIG" 2>/dev/null || true; } | sha256sum | cut -c1-40) # headers of libraries are not found here
    [ -e "$CACHE/$key.ok" ] && return 0
    if out=$(clang-tidy-14 --quiet --config-file="$CONFIG" --warnings-as-errors='*' -p "$FOLDER" "$file" 2>/dev/null); then
        : >"$CACHE/$key.ok"
    else
        echo "$out"
        echo "not ok - $file"
        return 1
    fi
}

if [ "${2:-}" ]; then
    look_at "$2"
    exit
fi
# Only files that the compiler was told about, and none that was made by a tool.
sed -n 's/^ *"file": "\(.*\)".*/\1/p' "$FOLDER/compile_commands.json" | sort -u | sed "s|^$PWD/||" |
    grep -E '^(core|plugins)/' | grep -v '/tests/' | xargs -P "${JOBS:-2}" -n 1 bash tests/dev/tidy.sh "$FOLDER"
