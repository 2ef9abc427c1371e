# Names the runs that are mirrored here, one per line.
for journal in /var/lib/drover/*/journal.jsonl; do
  [ -s "$journal" ] && [ -s "${journal%/*}/plan.json" ] && basename "${journal%/*}"
done
true
