# What the dead-man timer runs: ends the action's own units, forgets the results of its calls (they hold no
# more), and puts back what was saved (the rest of this script).
systemctl stop "$DROVER_UNITS" 2>/dev/null
: >"$DROVER_ACTION/put-back"
rm -rf "$DROVER_ACTION"/[0-9]*-*
