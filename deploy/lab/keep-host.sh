#!/bin/sh
# Power supply of one lab host. Runs inside the lab's network namespace and a private mount namespace:
#   keep-host.sh CGROUP OVERLAY_OPTIONS ROOT SEED NSPAWN_COMMAND...
# Everything below CGROUP is the host; killing that group is pulling the plug.
set -eu
cgroup=$1 overlay=$2 root=$3 seed=$4
shift 4

echo $$ >"$cgroup/keeper/cgroup.procs"

# systemd-nspawn keeps its locks by machine name; two labs may both have a node-1.
mkdir -p /run/systemd/nspawn
mount -t tmpfs -o mode=0755 tmpfs /run/systemd/nspawn
mount -t overlay -o "$overlay" drover-lab "$root"

# Folders that the image has already keep their owner and mode. Cut short, it starts over at the next boot.
if [ -d "$seed" ]; then
  (umask 077 && tar -C "$seed" --owner=0 --group=0 -cf "$seed.tar" .)
  tar -C "$root" --no-overwrite-dir -xpf "$seed.tar"
  sync -f "$root"
  rm -rf "$seed" "$seed.tar"
fi

# With --keep-unit a reboot inside the host ends systemd-nspawn with 133, which asks for a new start.
export SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1
while :; do
  status=0
  sh -c 'echo $$ >"$0/machine/cgroup.procs" && exec "$@"' "$cgroup" "$@" || status=$?
  [ "$status" -eq 133 ] || exit "$status"
done
