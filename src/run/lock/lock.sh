# The lock of a cluster on one host. Needs DROVER_CLUSTER, DROVER_OPERATION (read, take, beat, pause, release),
# DROVER_RUN, DROVER_OWNER, DROVER_FENCE and DROVER_BREAK (run whose lock may be taken over, or empty).
# Prints one line: STATE FENCE AGE RUN OWNER MARK, where STATE is free, mine, held or paused, AGE are seconds
# since the holder's last heartbeat by this host's own clock, and MARK is what the lock said before (held, paused, -).
umask 077
folder=/var/lib/drover/lock
mkdir -p "$folder" /var/lib/drover/fence || exit 73
lock=$folder/$DROVER_CLUSTER
fence=/var/lib/drover/fence/$DROVER_CLUSTER
exec 9>"$folder/.$DROVER_CLUSTER" && flock -w 5 9 || exit 73

highest=$(cat "$fence" 2>/dev/null || echo 0)
state=free age=0 run=- owner=- mark=-
if [ -s "$lock" ]; then
  read -r mark run owner <"$lock"
  age=$(($(date +%s) - $(stat -c %Y "$lock")))
  state=$mark
  [ "$run" != "$DROVER_RUN" ] || state=mine
fi

store() { # FILE LINE
  printf '%s\n' "$2" >"$1.new" && sync "$1.new" && mv -f "$1.new" "$1" || exit 73
}

case $DROVER_OPERATION in
  take)
    if [ "$state" = free ] || [ "$state" = mine ] || [ "$run" = "$DROVER_BREAK" ]; then
      [ "$DROVER_FENCE" -ge "$highest" ] || exit 75
      store "$fence" "$DROVER_FENCE"
      store "$lock" "held $DROVER_RUN $DROVER_OWNER"
      state=mine highest=$DROVER_FENCE age=0 run=$DROVER_RUN owner=$DROVER_OWNER
    fi
    ;;
  beat) [ "$state" = mine ] && store "$lock" "held $DROVER_RUN $DROVER_OWNER" ;;
  pause) [ "$state" = mine ] && store "$lock" "paused $DROVER_RUN $DROVER_OWNER" ;;
  release) [ "$state" = mine ] && rm -f "$lock" && state=free ;;
esac
printf '%s %s %s %s %s %s\n' "$state" "$highest" "$age" "$run" "$owner" "$mark"
