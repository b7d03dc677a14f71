# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Building: npm packages, CMake folders, and nothing done twice.

# A home that can be written to, for ccache and npm, when there is none.
if [ -z "${HOME:-}" ] || [ ! -w "${HOME:-/nonexistent}" ]; then
    export HOME=$BUILD/home
    mkdir -p "$HOME"
fi
# One compiler cache serves all checkouts of this tree.
export CCACHE_BASEDIR=$ROOT CCACHE_NOHASHDIR=1 CCACHE_SLOPPINESS=time_macros,include_file_mtime

JOBS=${ANCHORAGE_JOBS:-$(nproc)}
export JOBS

c_sources() {
    find core plugins tests -name '*.[ch]' -print0 | sort -z
}

# npm packages, only when the lock file changed since the last time.
web_packages() {
    local want stamp=$BUILD/npm.stamp
    mkdir -p "$BUILD"
    want=$(cksum <package-lock.json)
    if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$want" ] && [ -f node_modules/.package-lock.json ]; then
        return 0
    fi
    # Another checkout user may have installed exactly this set.
    if [ -f node_modules/.package-lock.json ] && same_npm_set; then
        echo "$want" >"$stamp"
        return 0
    fi
    echo "Installing the npm packages of package-lock.json" >&2
    # Node carries a list of certificates of its own; what this system trusts counts too (proxies of a workplace).
    if [ -z "${NODE_EXTRA_CA_CERTS:-}" ] && [ -r /etc/ssl/certs/ca-certificates.crt ]; then
        export NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt
    fi
    npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error >&2
    echo "$want" >"$stamp"
}

# Whether node_modules holds what package-lock.json names, but for the optional ones of other systems.
same_npm_set() {
    node -e '
        const want = require("./package-lock.json").packages, have = require("./node_modules/.package-lock.json").packages;
        const same = Object.entries(want).every(([name, p]) => name === "" ||
            (have[name] ? have[name].integrity === p.integrity : p.optional));
        process.exit(same && Object.keys(have).every((name) => want[name]) ? 0 : 1);'
}

# configure FOLDER OPTION...: runs CMake when the folder is new or its options changed.
configure() {
    local folder=$1 want
    shift
    want="$ROOT $*"
    if [ -f "$folder/build.ninja" ] && [ "$(cat "$folder/dev.stamp" 2>/dev/null)" = "$want" ]; then
        return 0
    fi
    rm -f "$folder/CMakeCache.txt"
    mkdir -p "$folder"
    cmake -S "$ROOT" -B "$folder" -G Ninja "$@" >"$folder/configure.log" 2>&1 || {
        cat "$folder/configure.log" >&2
        return 1
    }
    printf '%s' "$want" >"$folder/dev.stamp"
}

plugin_targets() {
    sed -n 's/^ *anchorage_add_plugin(\([a-z_0-9]*\).*/\1/p' CMakeLists.txt
}

# compile FOLDER [TARGET...]: quiet when there is nothing to do; one broken file does not stop the others.
compile() {
    local folder=$1 rc=0
    shift
    if [ -t 1 ] && [ -z "${ANCHORAGE_QUIET:-}" ]; then
        ninja -C "$folder" -j "$JOBS" "$@" || rc=$?
    else
        ninja -C "$folder" -k 0 -j "$JOBS" "$@" >"$folder/ninja.log" 2>&1 || {
            rc=$?
            grep -v '^\[[0-9]*/[0-9]*\] [A-Z]' "$folder/ninja.log" | tail -n 120 >&2
        }
    fi
    return "$rc"
}

main_options() {
    echo "-DCMAKE_BUILD_TYPE=RelWithDebInfo -DANCHORAGE_TESTS=ON"
}

# The program and its plugins, without the tests: what ./dev run needs.
build_program() {
    local targets
    # shellcheck disable=SC2046
    configure "$BUILD" $(main_options)
    targets=$(plugin_targets)
    # shellcheck disable=SC2086
    compile "$BUILD" anchorage templates_checked $targets
}

build_everything() {
    # shellcheck disable=SC2046
    configure "$BUILD" $(main_options)
    compile "$BUILD" "$@"
}
