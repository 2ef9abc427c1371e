# Fencing (invariant 4): a run with a lower number than this host has ever seen may not change it any more.
# Needs DROVER_CLUSTER and DROVER_FENCE. Exit status 75 = fenced off, 73 = cannot write.
fence=/var/lib/drover/fence/$DROVER_CLUSTER
umask 077
mkdir -p /var/lib/drover/fence || exit 73
highest=$(cat "$fence" 2>/dev/null || echo 0)
if [ "$DROVER_FENCE" -lt "$highest" ]; then
  echo "run number $highest holds this cluster now" >&2
  exit 75
fi
if [ "$DROVER_FENCE" -gt "$highest" ]; then
  echo "$DROVER_FENCE" >"$fence.$$" && sync "$fence.$$" && mv -f "$fence.$$" "$fence" || exit 73
fi
