# A unit that ended without a result may have been ended by the dead-man timer of its action: then the host puts
# everything back, and nothing else begins before that is done. Needs RESCUE and running.sh.
while running "$RESCUE.service"; do sleep 0.1; done
[ ! -e "$DROVER_ACTION/put-back" ] || exit 76
