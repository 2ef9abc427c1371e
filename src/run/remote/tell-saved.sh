# What the journal keeps of saved things: how many there are, and the digest of their list, which holds the digests of
# their contents. Stands behind everything else on standard output. Needs $DROVER_ACTION.
tell_saved() {
  index=$DROVER_ACTION/before/index
  [ -s "$index" ] || return 0
  printf '\ndrover-saved %s %s\n' "$(wc -l <"$index" | tr -d ' ')" "$(sha256sum <"$index" | cut -d' ' -f1)"
}
