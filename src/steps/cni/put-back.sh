# Makes the things again that were removed. `look` prints `clean` when they are all there as they were found. Needs
# residue.sh, `keep` and `things`. What had no place to be kept in (programs of BPF, keys) does not come back.
run_lines() { # FILE
  [ ! -s "$1" ] || sh "$1" 2>/dev/null || true
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
    "$tool-restore" --noflush <"$saved" || return 1
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
