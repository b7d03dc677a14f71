# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# The Debian package, and the proof that it works in a clean Debian.

PACKAGES=$BUILD/package

package_build() {
    packages_need run package
    web_packages
    configure "$BUILD/release" -DCMAKE_BUILD_TYPE=RelWithDebInfo -DANCHORAGE_TESTS=OFF -DCMAKE_INSTALL_PREFIX=/usr
    compile "$BUILD/release"
    rm -f "$PACKAGES"/*.deb
    mkdir -p "$PACKAGES"
    (cd "$BUILD/release" && cpack -G DEB -B "$PACKAGES" >"$PACKAGES/cpack.log" 2>&1) || {
        cat "$PACKAGES/cpack.log" >&2
        return 1
    }
    rm -rf "$PACKAGES/_CPack_Packages"
    local deb
    deb=$(package_file)
    dpkg-deb --info "$deb" | sed -n 's/^ \(Package\|Version\|Architecture\|Depends\|Installed-Size\): /\1: /p'
    if command -v lintian >/dev/null; then
        lintian --allow-root --fail-on error --suppress-tags no-copyright-file "$deb" || true
    fi
    echo "$deb"
}

package_file() {
    find "$PACKAGES" -maxdepth 1 -name 'anchorage_*.deb' | sort | tail -n 1
}

# The mirror and suite that this machine itself uses.
debian_mirror() {
    local uri
    uri=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources 2>/dev/null |
        sed -n 's/^URIs: *\([^ ]*debian\/\{0,1\}\)$/\1/p; s/^deb  *\(\[[^]]*\] *\)\{0,1\}\([^ ]*debian\/\{0,1\}\) .*/\2/p' | head -n 1) || true
    echo "${uri:-http://deb.debian.org/debian}"
}

chroot_leave() {
    local place
    [ -n "${CHROOT:-}" ] || return 0
    if [ -n "${SERVER_PID:-}" ]; then
        as_root kill -TERM "$SERVER_PID" 2>/dev/null || true
        wait "${RUNNER_PID:-}" 2>/dev/null || true
    fi
    for place in dev/pts dev/shm dev proc sys; do
        if mountpoint -q "$CHROOT/$place"; then
            as_root umount -l "$CHROOT/$place" || true
        fi
    done
    # Nothing of the machine may be mounted below when the folder is deleted.
    if ! grep -q " $CHROOT/" /proc/mounts; then
        as_root rm -rf --one-file-system "$CHROOT"
    fi
    CHROOT=
}

in_chroot() {
    as_root env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
        chroot "$CHROOT" "$@"
}

as_anchorage() {
    in_chroot setpriv --reuid=anchorage --regid=anchorage --clear-groups env HOME=/var/lib/anchorage "$@"
}

# A clean Debian of this machine's release; the first one is kept as an archive.
chroot_make() {
    local suite mirror cache=$BUILD/cache base
    # shellcheck disable=SC1091
    suite=$(. /etc/os-release && echo "$VERSION_CODENAME")
    mirror=$(debian_mirror)
    if [ "$(id -u)" -eq 0 ]; then
        cache=/var/cache/anchorage
    fi
    base=$cache/debian-$suite.tar
    mkdir -p "$cache"
    CHROOT=$(mktemp -d)
    trap chroot_leave EXIT
    trap 'exit 1' INT TERM HUP
    if [ -f "$base" ]; then
        as_root tar -xf "$base" -C "$CHROOT"
    else
        echo "Making a clean Debian $suite" >&2
        as_root debootstrap --variant=minbase "$suite" "$CHROOT" "$mirror" >"$BUILD/debootstrap.log" 2>&1 || {
            tail -n 20 "$BUILD/debootstrap.log" >&2
            return 1
        }
        as_root tar -cf "$base.new" -C "$CHROOT" .
        as_root mv "$base.new" "$base"
    fi
    # Services must not start in there, and packages come from where ours come from.
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$CHROOT/usr/sbin/policy-rc.d" >/dev/null
    as_root chmod 755 "$CHROOT/usr/sbin/policy-rc.d" "$CHROOT"
    as_root cp /etc/resolv.conf "$CHROOT/etc/resolv.conf" 2>/dev/null || true
    as_root rm -f "$CHROOT/etc/apt/sources.list"
    for file in /etc/apt/sources.list /etc/apt/sources.list.d/debian* /etc/apt/apt.conf.d/*prox* /etc/apt/apt.conf.d/*registry*; do
        if [ -f "$file" ]; then
            as_root cp "$file" "$CHROOT$file"
        fi
    done
    as_root mkdir -p "$CHROOT/dev/pts" "$CHROOT/dev/shm"
    as_root mount --bind /dev "$CHROOT/dev"
    as_root mount -t tmpfs tmpfs "$CHROOT/dev/shm"
    as_root mount -t proc proc "$CHROOT/proc"
}

# ask PATH PATTERN: the running server answers 200 and the pattern stands in it.
ask() {
    local text
    text=$(curl -fsS --max-time 10 "http://127.0.0.1:$PORT$1") || {
        echo "not ok - $1 answered nothing good"
        return 1
    }
    grep -qi -- "$2" <<<"$text" || {
        echo "not ok - $1 does not hold \"$2\""
        return 1
    }
    echo "ok - $1 answers"
}

# Reads the list of plugins as JSON: all four are there and at work.
plugins_are_active() {
    node -e '
        let text = "";
        process.stdin.on("data", (d) => (text += d)).on("end", () => {
            const read = JSON.parse(text), list = Array.isArray(read) ? read : read.plugins;
            const bad = ["contracts_finder", "local_spend", "social_value", "vcfse"].filter((id) =>
                !list.some((p) => p.id === id && p.state === "ACTIVE"));
            console.log(bad.length ? "not ok - not active beside the running server: " + bad.join(", ") + "\n" + text
                : "ok - the four plugins are active beside the running server");
            process.exit(bad.length ? 1 : 0);
        });'
}

free_port() {
    node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); });'
}

# What somebody needs who writes a plugin is in the package, and plugins are built, checked and served from it.
package_has_sdk() {
    local path tree rc=0
    for path in include/anchorage/plugin.h lib/anchorage/plugpack lib/anchorage/anchorage-book \
        lib/pkgconfig/anchorage-plugin.pc \
        lib/cmake/AnchoragePlugin/AnchoragePlugin.cmake lib/cmake/AnchoragePlugin/AnchoragePluginConfig.cmake \
        lib/cmake/AnchoragePlugin/AnchoragePluginConfigVersion.cmake; do
        [ -f "$CHROOT/usr/$path" ] || {
            echo "not ok - the package lacks /usr/$path"
            return 1
        }
    done
    as_anchorage sh -ec 'cd /tmp && anchorage plugin new tool_library && [ -f tool_library/plugin.c ]' >/dev/null
    echo "ok - the package holds what plugins are made with"
    tree=$(mktemp -d)
    chmod 755 "$tree"
    dpkg-deb -x "$1" "$tree"
    node tests/sdk/run.mjs --prefix "$tree/usr" >"$PACKAGES/sdk.log" 2>&1 || rc=$?
    rm -rf "$tree"
    [ "$rc" -eq 0 ] || {
        cat "$PACKAGES/sdk.log"
        echo "not ok - plugins are built from the package"
        return 1
    }
    echo "ok - plugins are built, checked and served from the package ($(grep -c '^ok - ' "$PACKAGES/sdk.log") promises)"
}

wait_until_ready() {
    local left=300
    until curl -fsS --max-time 2 "http://127.0.0.1:$PORT/readyz" >/dev/null 2>&1; do
        left=$((left - 1))
        if [ "$left" -le 0 ] || ! kill -0 "$RUNNER_PID" 2>/dev/null; then
            echo "not ok - the installed server did not become ready"
            cat "$PACKAGES/serve.log"
            return 1
        fi
        sleep 0.2
    done
}

# The process of the program itself, below chroot and setpriv.
server_pid() {
    local pid
    for pid in /proc/[0-9]*; do
        if [ "$(readlink "$pid/root" 2>/dev/null)" = "$CHROOT" ] && [ "$(cat "$pid/comm" 2>/dev/null)" = anchorage ]; then
            echo "${pid#/proc/}"
            return 0
        fi
    done
}

package_check() {
    packages_need run package package-check
    package_build >"$BUILD/package.log" 2>&1 || {
        cat "$BUILD/package.log" >&2
        return 1
    }
    local deb
    deb=$(package_file)
    if [ "$(id -u)" -ne 0 ] && ! may_become_root; then
        echo "./dev: a chroot needs root. Please type: sudo ./dev package-check" >&2
        return 1
    fi
    chroot_make
    as_root cp "$deb" "$CHROOT/anchorage.deb"
    echo "Installing $(basename "$deb") with what it depends on"
    in_chroot sh -ec '
        apt-get -q update >/dev/null
        mkdir -p /etc/postgresql-common/createcluster.d
        echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.d/check.conf
        apt-get -q -y --no-install-recommends install /anchorage.deb' >"$PACKAGES/install.log" 2>&1 || {
        tail -n 40 "$PACKAGES/install.log"
        echo "not ok - the package installs in a clean Debian"
        return 1
    }
    echo "ok - the package installs in a clean Debian"
    [ "$(in_chroot stat -c '%U %a' /var/lib/anchorage)" = "anchorage 700" ]
    echo "ok - the data folder belongs to the service alone"
    [ -f "$CHROOT/usr/share/man/man1/anchorage.1.gz" ]
    as_anchorage anchorage --help >/dev/null
    echo "ok - the program and its manual page are in the path"

    package_has_sdk "$deb"
    PORT=$(free_port)
    as_anchorage anchorage serve --data /var/lib/anchorage --listen "127.0.0.1:$PORT" >"$PACKAGES/serve.log" 2>&1 &
    RUNNER_PID=$!
    wait_until_ready
    SERVER_PID=$(server_pid)
    ask /healthz .
    ask / '<h1'
    ask /opportunities '<h1'
    ask /suppliers '<h1'
    ask /events '<h1'
    ask /spend '<h1'
    as_anchorage anchorage plugin list --data /var/lib/anchorage --json >"$PACKAGES/plugins.json"
    plugins_are_active <"$PACKAGES/plugins.json"
    as_anchorage anchorage demo --data /var/lib/anchorage/second --json >"$PACKAGES/demo.json"
    grep -q password "$PACKAGES/demo.json"
    echo "ok - the demo place loads into another data folder"
    as_root kill -TERM "$SERVER_PID"
    local rc=0
    wait "$RUNNER_PID" || rc=$?
    SERVER_PID=
    [ "$rc" -eq 0 ]
    echo "ok - the server stops by itself when asked to"
    in_chroot apt-get -q -y purge anchorage >>"$PACKAGES/install.log" 2>&1
    [ -d "$CHROOT/var/lib/anchorage" ]
    [ ! -e "$CHROOT/usr/bin/anchorage" ]
    echo "ok - purging takes the program and keeps the data"
    echo "package-check: all well"
}
