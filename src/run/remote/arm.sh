# Starts the dead-man timer of an action: unless confirm.sh stops it, the host puts everything back by itself.
# Needs RESCUE (name of the timer), RESCUE_AFTER (seconds) and the script $DROVER_ACTION/rescue.
rm -f "$DROVER_ACTION/put-back"
systemctl stop "$RESCUE.timer" 2>/dev/null
systemd-run --quiet --collect --unit="$RESCUE" --on-active="${RESCUE_AFTER}s" --timer-property=AccuracySec=100ms \
  sh "$DROVER_ACTION/rescue" || finish 73
