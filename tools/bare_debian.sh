#!/bin/sh
# Run the README's first commands on a bare Debian, in a separate chroot: sh tools/bare_debian.sh SUITE [COMMAND …]
# SUITE is bookworm (Debian 12, Python 3.11) or trixie (Debian 13, Python 3.13). Needs root and debootstrap.
# BARE_CACHE (default: /var/tmp/bare-debian) keeps the base system for the next run. The last commit is tested.
set -eu
checkout=$(cd "$(dirname "$0")/.." && pwd)
suite=${1:?name a suite: bookworm or trixie}
shift
commands=${*:-make demo && make test}
cache=${BARE_CACHE:-/var/tmp/bare-debian}/$suite

stop() { printf 'bare: %s\n' "$*" >&2; exit 1; }
[ "$(id -u)" = 0 ] || stop "a chroot needs root: run the command with sudo"
command -v debootstrap >/dev/null || stop "debootstrap is missing: apt-get install debootstrap"

if [ ! -e "$cache/complete" ]; then
    rm -rf "$cache"
    mkdir -p "$cache"
    debootstrap --variant=minbase --include=ca-certificates "$suite" "$cache/root" >"$cache/debootstrap.log" ||
        stop "debootstrap failed: see $cache/debootstrap.log"
    touch "$cache/complete"
fi

root=$(mktemp -d)
leave() {
    for mount in proc dev; do umount -l "$root/$mount" 2>/dev/null || true; done
    # A mount that could not be removed must not be deleted with the folder.
    rm -rf --one-file-system "$root"
}
trap leave EXIT
trap 'exit 130' INT TERM
cp -a "$cache/root/." "$root/"
mount -t proc proc "$root/proc"
mount --bind /dev "$root/dev"
cp /etc/resolv.conf /etc/hosts "$root/etc/"
# Copy the network certificate that pip and apt must trust here.
for certificate in "${PIP_CERT:-}" "${SSL_CERT_FILE:-}"; do
    [ -z "$certificate" ] || { mkdir -p "$root$(dirname "$certificate")" && cp "$certificate" "$root$certificate"; }
done

git clone -q --no-local "$checkout" "$root/project"
chroot "$root" env -i HOME=/tmp LANG=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive \
    PIP_CERT="${PIP_CERT:-}" SSL_CERT_FILE="${SSL_CERT_FILE:-}" \
    http_proxy="${http_proxy:-}" https_proxy="${https_proxy:-}" no_proxy="${no_proxy:-}" \
    sh -euc "
        for name in PIP_CERT SSL_CERT_FILE http_proxy https_proxy no_proxy; do
            eval \"[ -n \\\"\\\$\$name\\\" ]\" || unset \$name
        done
        apt-get -qq update
        apt-get -qq -y install --no-install-recommends python3 git make >/dev/null
        cd /project
        $commands
    "
