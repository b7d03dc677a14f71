# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Debian packages: what each command needs, and installing what is missing.

# One line a package; "a|b" takes the first that is installed, else the first that can be had.
packages_of() {
    case "$1" in
    run)
        cat <<'LIST'
gcc
libc6-dev
cmake
ninja-build
pkgconf|pkg-config
libcivetweb-dev
libpq-dev
libxml2-dev
libsodium-dev
liboath-dev
libcurl4-openssl-dev|libcurl4-gnutls-dev
libjansson-dev
libxlsxwriter-dev
libqrencode-dev
libminizip-dev
zlib1g-dev
libcmocka-dev
postgresql-15|postgresql-17|postgresql-16
ca-certificates
LIST
        ;;
    format) echo clang-format-14 ;;
    static)
        printf '%s\n' clang-14 clang-tidy-14 cppcheck shellcheck
        ;;
    test)
        printf '%s\n' ccache clang-14 libclang-rt-14-dev llvm-14 libxml2-utils curl haproxy g++ wrk
        ;;
    e2e) printf '%s\n' chromium fonts-liberation ;;
    bench) printf '%s\n' 'nginx-light|nginx|nginx-core|nginx-full|nginx-extras' wrk curl util-linux ;;
    package) printf '%s\n' dpkg-dev fakeroot file ;;
    package-check) printf '%s\n' debootstrap curl g++ ;;
    esac
    if [ "$1" = run ]; then
        # Node 18 or newer, wherever it comes from; else Debian's own.
        node_is_new_enough || echo nodejs
        command -v npm >/dev/null 2>&1 || echo npm
    fi
}

node_is_new_enough() {
    local major
    command -v node >/dev/null 2>&1 || return 1
    major=$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null) || return 1
    [ "$major" -ge 18 ]
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

# Root, or sudo that works without asking, or sudo with somebody there to ask.
may_become_root() {
    command -v sudo >/dev/null 2>&1 || return 1
    sudo -n true 2>/dev/null || [ -t 0 ]
}

# Prints, of each wanted package, the one to install; nothing for those that are there.
packages_missing() {
    local installed line name choice
    installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' 2>/dev/null | sed -n 's/^installed //p')
    while read -r line; do
        choice=
        for name in ${line//|/ }; do
            if grep -qxF -- "$name" <<<"$installed"; then
                choice=-
                break
            fi
        done
        [ "$choice" = - ] || echo "$line"
    done
}

# Debian's postgresql makes and starts a cluster of its own when it is installed; we bring ours.
no_main_cluster() {
    dpkg-query -W postgresql-common >/dev/null 2>&1 && return 0
    as_root mkdir -p /etc/postgresql-common/createcluster.d
    echo 'create_main_cluster = false' |
        as_root tee /etc/postgresql-common/createcluster.d/anchorage.conf >/dev/null
}

# packages_need GROUP...: makes sure that the Debian packages of these groups are installed.
packages_need() {
    local group missing line name list=()
    if ! command -v dpkg-query >/dev/null 2>&1; then
        echo "./dev: this system has no dpkg; the packages are looked up only on Debian. Going on." >&2
        return 0
    fi
    missing=$(for group in "$@"; do packages_of "$group"; done | sort -u | packages_missing)
    [ -n "$missing" ] || return 0
    if [ "$(id -u)" -ne 0 ] && ! may_become_root; then
        echo "./dev: Debian packages are missing, and installing them needs root. Please type:" >&2
        echo "  apt-get update && apt-get install --no-install-recommends ${missing//$'\n'/ }" | sed 's/|[^ ]*//g' >&2
        exit 1
    fi
    echo "Installing from Debian: ${missing//$'\n'/ }" | sed 's/|[^ ]*//g' >&2
    if ! as_root env DEBIAN_FRONTEND=noninteractive apt-get -q update >&2; then
        echo "./dev: the package lists could not be read. Check the network, then try: apt-get update" >&2
        exit 1
    fi
    while read -r line; do
        for name in ${line//|/ }; do
            if apt-cache show --no-all-versions "$name" >/dev/null 2>&1; then
                break
            fi
            name=${line%%|*}
        done
        list+=("$name")
    done <<<"$missing"
    no_main_cluster
    if ! as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Dpkg::Use-Pty=0 \
        install --no-install-recommends "${list[@]}" >&2; then
        echo "./dev: installing failed. Please type this and look at its answer:" >&2
        echo "  apt-get install --no-install-recommends ${list[*]}" >&2
        exit 1
    fi
}
