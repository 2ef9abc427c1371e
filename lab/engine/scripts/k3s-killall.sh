#!/bin/sh
# Stops K3s and every pod on this host, and takes away the pods' network: what K3s' own script of this name does.
# Data stays. Interfaces and rules of other networks than Flannel's are left alone.
set -eu
[ "$(id -u)" = 0 ] || { echo "$0: must run as root" >&2; exit 1; }

data=${K3S_DATA_DIR:-/var/lib/rancher/k3s}

for unit in /etc/systemd/system/k3s*.service; do
  [ -e "$unit" ] && systemctl stop "$(basename "$unit")" || true
done

# A shim is the parent of its pod's processes; both go.
kill_tree() {
  for child in $(pgrep -P "$1" || true); do kill_tree "$child"; done
  kill -9 "$1" 2>/dev/null || true
}
for shim in $(pgrep -f "containerd-shim.*/run/k3s/containerd/containerd.sock" || true); do kill_tree "$shim"; done

# The deepest mounts first.
unmount_below() {
  awk -v top="$1" 'index($2, top) == 1 { print $2 }' /proc/self/mounts | sort -r | while read -r point; do
    umount -l "$(printf '%b' "$point")" 2>/dev/null || true
  done
}
unmount_below /run/k3s
unmount_below "$data/agent/containerd"
unmount_below /var/lib/kubelet/pods
unmount_below /var/lib/kubelet/plugins
unmount_below /run/netns/cni-
rm -rf /run/netns/cni-*

ip -o link show 2>/dev/null | awk -F': ' '/master cni0/ { sub(/@.*/, "", $2); print $2 }' | while read -r port; do
  ip link delete "$port" 2>/dev/null || true
done
for link in cni0 flannel.1 flannel-v6.1 kube-ipvs0 flannel-wg flannel-wg-v6; do
  ip link show "$link" >/dev/null 2>&1 && ip link delete "$link" || true
done
rm -rf /var/lib/cni/

clean() { # save and restore command
  command -v "$1" >/dev/null 2>&1 || return 0
  "$1" | grep -v KUBE- | grep -v CNI- | grep -iv flannel | "$2"
}
clean iptables-save iptables-restore
clean ip6tables-save ip6tables-restore

# What the pods' processes were counted in.
find /sys/fs/cgroup -depth -type d -path '*/kubepods*' -exec rmdir {} + 2>/dev/null || true
