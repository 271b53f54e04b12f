#!/bin/sh
# Runs a program inside a root folder whose services must not start:
#   run-in-root.sh ROOT offline|online COMMAND...
# Expects mount and process namespaces of its own: its mounts end with it.
set -eu
root=$1 network=$2
shift 2

mount -t proc proc "$root/proc"
mount -t tmpfs -o mode=0755 tmpfs "$root/run"
if [ "$network" = online ]; then
  mount --bind /etc/resolv.conf "$root/etc/resolv.conf"
fi

policy=$root/usr/sbin/policy-rc.d
printf '#!/bin/sh\nexit 101\n' >"$policy"
chmod 0755 "$policy"
status=0
env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 \
  DEBIAN_FRONTEND=noninteractive chroot "$root" "$@" || status=$?
rm -f "$policy"
exit "$status"
