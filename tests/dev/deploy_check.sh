#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Are the files of deploy/ well-formed? Uses the real readers where they are installed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
PATH=$PATH:/usr/sbin:/sbin
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
status=0

if command -v haproxy >/dev/null && command -v openssl >/dev/null; then
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -keyout "$scratch/key" -out "$scratch/crt" 2>/dev/null
    cat "$scratch/crt" "$scratch/key" >"$scratch/anchorage.pem"
    # Only the place of the certificate differs from what people copy.
    sed -e "s|/etc/haproxy/certs/anchorage.pem|$scratch/anchorage.pem|" deploy/haproxy.cfg >"$scratch/haproxy.cfg"
    haproxy -c -q -f "$scratch/haproxy.cfg" || {
        echo "deploy/haproxy.cfg: HAProxy refuses it (see above)"
        status=1
    }
else
    echo "skipped: haproxy or openssl is not present"
fi

if command -v systemd-analyze >/dev/null; then
    # The program is not installed here, so the unit is looked at with one that is.
    sed -e 's|/usr/bin/anchorage|/bin/true|' deploy/anchorage.service >"$scratch/anchorage.service"
    systemd-analyze verify --man=no "$scratch/anchorage.service" 2>&1 | grep anchorage.service | tee "$scratch/said" || true
    [ ! -s "$scratch/said" ] || status=1
else
    echo "skipped: systemd-analyze is not present"
fi

for script in deploy/debian/postinst deploy/debian/prerm deploy/debian/postrm; do
    sh -n "$script" || status=1
    [ -x "$script" ] || {
        echo "$script: is not executable. What to do: chmod 755 $script"
        status=1
    }
done

if command -v man >/dev/null; then
    LC_ALL=C.UTF-8 man --warnings -E UTF-8 -l -Tutf8 -Z deploy/anchorage.1 2>"$scratch/man" >/dev/null || true
    [ ! -s "$scratch/man" ] || {
        cat "$scratch/man"
        status=1
    }
fi
exit "$status"
