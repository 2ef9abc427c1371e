# Gives sets another revision: a twin is made, gets the members, and changes places with the set, so that no rule that
# uses it notices. Sets that have the revision already stay. Lines of data: NAME TYPE REVISION FAMILY, tabs between.
twin=drover-twin
sets destroy "$twin"
data | while IFS='	' read -r name type revision family; do
  now=$(sets headers "$name")
  [ -n "$now" ] || continue
  [ "$(printf '%s' "$now" | cut -f3)" != "$revision" ] || continue
  # What the host's own program cannot read, its writer fills again.
  header=$(ipset -terse list "$name" 2>/dev/null || true)
  largest=$(printf '%s\n' "$header" | sed -n 's/^Header: .*maxelem \([0-9]*\).*/\1/p')
  sets create "$twin" "$type" "$revision" "$family" "${largest:-1048576}"
  if [ -n "$header" ]; then
    ipset save "$name" | sed -n "s/^add $name /add $twin /p" | ipset restore -exist
  fi
  sets swap "$twin" "$name"
  sets destroy "$twin"
done
