#!/bin/sh
# Removes K3s from this host with all its data, volumes of the local-path provisioner included: what K3s' own script
# does. Installed as k3s-uninstall.sh on servers and k3s-agent-uninstall.sh on agents: its name tells the unit.
set -eu
[ "$(id -u)" = 0 ] || { echo "$0: must run as root" >&2; exit 1; }

data=${K3S_DATA_DIR:-/var/lib/rancher/k3s}
bin=/usr/local/bin
name=$(basename "$0" -uninstall.sh)
case $name in k3s | k3s-agent) ;; *) echo "$0: must be named after a unit of K3s" >&2; exit 1 ;; esac

"$bin/k3s-killall.sh"

systemctl disable "$name" 2>/dev/null || true
systemctl reset-failed "$name" 2>/dev/null || true
rm -f "/etc/systemd/system/$name.service" "/etc/systemd/system/$name.service.env"
systemctl daemon-reload
trap 'rm -f "$bin/$name-uninstall.sh"' EXIT

if ls /etc/systemd/system/k3s*.service >/dev/null 2>&1; then
  echo "Additional k3s services installed, skipping uninstall of k3s"
  exit 0
fi

for link in kubectl crictl ctr; do
  if [ -L "$bin/$link" ] && [ "$(basename "$(readlink "$bin/$link")")" = k3s ]; then rm -f "$bin/$link"; fi
done

# A folder that is a mount of its own cannot go, but what is in it does.
for dir in /etc/rancher/k3s /run/k3s /run/flannel "$data" /var/lib/kubelet; do
  rm -rf "$dir" 2>/dev/null || find "$dir" -mindepth 1 -delete
done
rmdir /etc/rancher /var/lib/rancher 2>/dev/null || true
rm -f "$bin/k3s" "$bin/k3s-killall.sh"
