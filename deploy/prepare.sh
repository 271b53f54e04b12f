#!/bin/sh
# Makes a fresh Debian machine ready for Drover's lab, tests and quickstart: the npm packages of the
# lock file, and the Debian packages that the orchestrator's machine and the lab need.
# Safe to run again and side by side; does nothing when nothing is missing.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
cd "$root"

# One a line: the package, and a file that it brings, which answers faster than dpkg.
needed='
apt-utils /usr/bin/apt-ftparchive
ca-certificates /usr/sbin/update-ca-certificates
debootstrap /usr/sbin/debootstrap
debian-archive-keyring /usr/share/keyrings/debian-archive-keyring.gpg
dpkg-dev /usr/bin/dpkg-scanpackages
gnupg /usr/bin/gpg
gpgv /usr/bin/gpgv
iproute2 /bin/ip
nftables /usr/sbin/nft
openssl /usr/bin/openssl
postgresql /usr/bin/pg_ctlcluster
postgresql-client /usr/bin/psql
procps /bin/ps
systemd-container /usr/bin/systemd-nspawn
'

stamp=node_modules/.drover-installed

say() {
  printf 'prepare: %s\n' "$*" >&2
}

fail() {
  printf 'prepare: %s\n' "$*" >&2
  exit 1
}

missing_packages() {
  printf '%s\n' "$needed" | while read -r package file; do
    [ -z "$package" ] || [ -e "$file" ] || printf '%s ' "$package"
  done
}

# Current when the stamp is a copy of the lock file, or when somebody ran npm after the lock file last changed.
node_modules_are_current() {
  cmp -s package-lock.json "$stamp" && return 0
  [ -n "$(find node_modules/.package-lock.json -newer package-lock.json 2>/dev/null)" ]
}

# Not `npm ci`: npm 11 refuses a lock file without the optional packages of other platforms, and a registry that
# serves only this platform cannot give them. This installs the locked versions, checks their integrity, and
# leaves package.json and package-lock.json as they are.
install_node_modules() {
  command -v npm >/dev/null || fail 'npm is missing; install Node.js 20 or later with npm, then run this again'
  say 'installing npm packages'
  npm install --no-save --no-audit --no-fund --loglevel=error >&2 || fail 'npm install failed; see the lines above'
  cp package-lock.json "$stamp.$$"
  mv "$stamp.$$" "$stamp"
}

install_packages() {
  [ "$(id -u)" -eq 0 ] || fail "these packages are missing: $1; run this as root, or install them yourself"
  command -v apt-get >/dev/null || fail "apt-get is missing: Drover's lab runs on Debian 12 or later"
  say "installing Debian packages: $1"
  export DEBIAN_FRONTEND=noninteractive
  apt-get -o DPkg::Lock::Timeout=300 -qq update >&2 || fail 'apt-get update failed; check the package sources of this machine'
  # shellcheck disable=SC2086 # the list is meant to be split
  apt-get -o DPkg::Lock::Timeout=300 -qq -y --no-install-recommends install $1 >&2 ||
    fail 'apt-get install failed; see the lines above'
}

prepare() {
  node_modules_are_current || install_node_modules
  missing=$(missing_packages)
  [ -z "$missing" ] || install_packages "$missing"
}

if node_modules_are_current && [ -z "$(missing_packages)" ]; then
  exit 0
fi

# One at a time: a second run waits here and then finds the work done.
exec 9>"${TMPDIR:-/tmp}/drover-prepare.$(id -u).lock"
flock -w 1800 9 || fail 'another run has been preparing this machine for half an hour; look for a hanging npm or apt-get'
prepare 9>&-
say 'ready'
