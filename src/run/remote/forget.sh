# Removes what runs kept on a host: saved things, results, copies of plan and journal. Stands behind fence.sh; needs
# DROVER_RUNS, their names. Locks and fencing numbers stay: they must never go back.
for run in $DROVER_RUNS; do
  rm -rf "/var/lib/drover/$run" || exit 73
done
