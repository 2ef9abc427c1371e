# Whoever got here has just logged in: the dead-man timer is not needed any more. Needs RESCUE.
systemctl stop "$RESCUE.timer" 2>/dev/null
