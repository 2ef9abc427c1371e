# Prints one run: a line with the lengths in bytes of plan, journal and secrets (0 = none), then the three.
cd "/var/lib/drover/$DROVER_RUN" || exit 1
copy=$(mktemp -d) || exit 73
trap 'rm -rf "$copy"' EXIT
for file in plan.json journal.jsonl secrets.json; do
  cat "$file" >"$copy/$file" 2>/dev/null
done
cd "$copy" && stat -c %s plan.json journal.jsonl secrets.json | tr '\n' ' ' && echo
cat plan.json journal.jsonl secrets.json
