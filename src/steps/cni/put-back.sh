# Makes the things again that were removed. `look` prints `clean` when they are all there as they were found. Needs
# residue.sh, `keep` and `things`. What had no place to be kept in (programs of BPF, keys) does not come back.
run_lines() { # FILE
  [ ! -s "$1" ] || sh "$1" 2>/dev/null || true
}

# fit TOOL TABLE: rules on stdin, with places that the chains have now. What others took out of a chain since made it shorter.
fit() {
  { "$1-save" -t "$2" 2>/dev/null; echo; cat; } | awk '
    !body { if ($0 == "") body = 1; else if (/^-A /) have[$2]++; next }
    /^-I / {
      last = ++have[$2]
      if ($3 + 0 > last) sub(/^-I [^ ]+ [0-9]+/, "-I " $2 " " last)
    }
    { print }'
}

go() {
  run_lines "$keep/links"
  run_lines "$keep/routes"
  run_lines "$keep/iprules"
  [ ! -s "$keep/ipsets" ] || ipset -exist restore <"$keep/ipsets" || return 1
  for saved in "$keep"/rules.*; do
    [ -e "$saved" ] || continue
    name=${saved##*/rules.}
    tool=${name%.*}
    # What is there in part is taken away first, so that nothing stands there twice.
    change=$(rules "$tool" "${name##*.}" remove)
    [ -z "$change" ] || printf '%s\n' "$change" | "$tool-restore" --noflush || return 1
    fit "$tool" "${name##*.}" <"$saved" | "$tool-restore" --noflush || return 1
  done
  of_kind nft | while read -r family table; do nft delete table "$family" "$table" 2>/dev/null; done
  [ ! -s "$keep/nft" ] || nft -f "$keep/nft" || return 1
  [ ! -e "$keep/files.tar" ] || tar -C / -xpf "$keep/files.tar" || return 1
  [ "$(missing)" = 0 ]
}

# Things that were kept and are not there.
missing() {
  { things | grep -vE "^(bpf|tc)$tab" | sort -u; left | grep -vE "^(bpf|tc)$tab" | sort -u; } | sort | uniq -u | wc -l
}

case $1 in
  look) if [ "$(missing)" = 0 ]; then echo clean; else echo removed; fi ;;
  go) go ;;
esac
