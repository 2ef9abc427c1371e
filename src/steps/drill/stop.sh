# Takes a node out as a power cut would: K3s stops, and every pod with it. A timer of the host's own starts K3s again after
# LIMIT seconds, whatever becomes of Drover. Needs UNIT, LIMIT.
timer=drover-drill
systemctl stop "$timer.timer" "$timer.service" 2>/dev/null
systemd-run --quiet --collect --unit="$timer" --on-active="${LIMIT}s" --timer-property=AccuracySec=1s \
  systemctl start --no-block "$UNIT" || exit 73
systemctl stop "$UNIT" || exit 1

# A shim is the parent of its pod's processes; both go. What a pod has written stays.
kill_tree() {
  for child in $(pgrep -P "$1"); do kill_tree "$child"; done
  kill -9 "$1" 2>/dev/null
}
for shim in $(pgrep -f 'containerd-shim.*/run/k3s/containerd/containerd.sock'); do kill_tree "$shim"; done
[ "$(systemctl is-active "$UNIT")" != active ]
