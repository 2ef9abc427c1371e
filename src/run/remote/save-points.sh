# Functions for scripts that change a host (states.sh stands after them): they save what stood there before the first change, so that the
# restore point puts it back. One folder per action, mode 0700, on the host alone; the journal keeps digests.
#
#   $DROVER_ACTION/before/index   one line per saved thing: NUMBER KIND BASE64(NAME) FIELDS…, with digests of contents
#   $DROVER_ACTION/before/NUMBER  content of a saved file
#
# A thing is saved once per action: a second attempt must not mistake the first one's result for the original.
before=$DROVER_ACTION/before
mkdir -p "$before" && touch "$before/index" || exit 73

saved() { grep -q "^[0-9]* $1 $2 " "$before/index"; }
# Whole lines only, also on a disk that fills up meanwhile.
note() {
  { cat "$before/index" && printf '%s \n' "$*"; } >"$before/index.new" && sync "$before/index.new" && mv -f "$before/index.new" "$before/index" && sync "$before"
}
next() { echo $(($(wc -l <"$before/index") + 1)); }

save_file() {
  key=$(b64 "$1")
  saved file "$key" && return 0
  number=$(next)
  if [ -L "$1" ]; then
    note "$number" file "$key" link "$(b64 "$(readlink "$1")")"
  elif [ -e "$1" ]; then
    flags=$(flags_of "$1")
    cp -p "$1" "$before/$number" && sync "$before/$number" || return 1
    note "$number" file "$key" content "$(stat -c '%a %u %g' "$1")" "${flags:-plain}" "$(whole_digest "$before/$number")" "$(content_of "$before/$number")"
  else
    note "$number" file "$key" absent
  fi
}

save_dir() {
  key=$(b64 "$1")
  saved dir "$key" && return 0
  [ -d "$1" ] || note "$(next)" dir "$key" absent
}

save_unit() {
  key=$(b64 "$1")
  saved unit "$key" && return 0
  enabled=$(systemctl is-enabled "$1" 2>/dev/null)
  note "$(next)" unit "$key" "${enabled:-not-found}" "$(systemctl is-active "$1" 2>/dev/null || true)"
}

# save_script NAME: the script on standard input takes something back by itself. It is called with `look`, which only
# reads and prints `clean` when nothing is left to take back, and with `go`.
save_script() {
  key=$(b64 "$1")
  saved script "$key" && return 0
  number=$(next)
  cat >"$before/$number" && sync "$before/$number" || return 1
  note "$number" script "$key" saved "$(whole_digest "$before/$number")"
}

save_sysctl() {
  key=$(b64 "$1")
  saved sysctl "$key" && return 0
  note "$(next)" sysctl "$key" "$(b64 "$(sysctl -n "$1" 2>/dev/null)")"
}

save_swap() {
  saved swap active && return 0
  note "$(next)" swap active "$(b64 "$(tail -n +2 /proc/swaps | awk '{ print $1 ":" $5 }')")"
}

save_hostname() {
  saved hostname running && return 0
  note "$(next)" hostname running "$(b64 "$(uname -n)")"
}

save_module() {
  key=$(b64 "$1")
  saved module "$key" && return 0
  [ -d "/sys/module/$(printf %s "$1" | tr - _)" ] || note "$(next)" module "$key" absent
}

save_package() {
  key=$(b64 "$1")
  saved package "$key" && return 0
  dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null | grep -qx installed || note "$(next)" package "$key" absent
}

# What ufw's chains and the policies of the filter tables are now. Its files are saved as files.
save_ufw() {
  saved ufw state && return 0
  chains=no tables=
  iptables -n -L ufw-before-input >/dev/null 2>&1 && chains=yes
  for family in ip ip6; do nft list table $family filter >/dev/null 2>&1 && tables="$tables $family"; done
  policies=$(for tool in iptables ip6tables; do $tool -S 2>/dev/null | sed -n "s/^-P \([A-Z]*\) \([A-Z]*\)$/$tool \1 \2/p"; done)
  active=no
  iptables -n -L ufw-user-input >/dev/null 2>&1 && active=yes
  note "$(next)" ufw state "$active" "$chains" "$(b64 "$tables")" "$(b64 "$policies")"
}

# make_dir PATH MODE: with every missing parent saved as absent, outermost first.
make_dir() {
  [ -d "$1" ] && return 0
  make_dir "$(dirname "$1")" 0755 || return 1
  save_dir "$1" && mkdir -m "$2" "$1"
}

# put_file PATH MODE OWNER plain|immutable LINE: content is line LINE of the input, in base64; written beside and
# renamed, so that nobody sees half of it.
put_file() {
  make_dir "$(dirname "$1")" 0755 && save_file "$1" || return 1
  chattr -i "$1" 2>/dev/null
  new=$1.drover-new
  if ! { data | sed -n "${5}p" | base64 -d >"$new" && chmod "$2" "$new" && chown "$3" "$new" && sync "$new" && mv -fT "$new" "$1"; }; then
    rm -f "$new"
    return 1
  fi
  sync "$(dirname "$1")" || return 1
  [ "$4" = plain ] || chattr +i "$1"
}

drop_file() {
  save_file "$1" || return 1
  chattr -i "$1" 2>/dev/null
  rm -f "$1"
}
