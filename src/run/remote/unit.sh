# Runs one changing script of an action as a transient systemd unit: a lost connection neither kills nor doubles
# it. Stands behind assignments of DROVER_RUN, DROVER_ACTION (the action's folder), DROVER_CALL (the call's
# folder), DROVER_UNIT, DROVER_CLUSTER and DROVER_FENCE, and behind running.sh; what writes and starts the script
# stands after it.
# Exit status: that of the script, or 75 = fenced off, 74 = input cut short, 71 = no systemd, 73 = cannot write,
# 77 = systemd does not answer.
umask 077
command -v systemd-run >/dev/null && [ -d /run/systemd/system ] || exit 71

answer() {
  cat "$DROVER_CALL/out"
  tell_saved
  cat "$DROVER_CALL/err" >&2
  exit "$(cat "$DROVER_CALL/result")"
}

attach() {
  while running "$DROVER_UNIT"; do sleep 0.1; done
  [ -e "$DROVER_CALL/result" ] && answer
}

mkdir -p "$DROVER_CALL" || exit 73
# The unit writes its result before it ends: a unit that was seen to have ended has its result already. Asked the other way
# round, one that ends between both questions would be run twice.
running "$DROVER_UNIT" && attach
# A call that succeeded is never repeated; one that failed may be.
[ "$(cat "$DROVER_CALL/result" 2>/dev/null)" = 0 ] && answer
rm -f "$DROVER_CALL/result"
