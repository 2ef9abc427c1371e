# Puts back everything that an action saved, newest first. Prints one line per thing: KIND NAME RESULT.
# Needs $DROVER_ACTION; the functions of save-points.sh and states.sh stand before it. Exit status: 1 = something
# failed, 20 = a saved script refuses because it would delete data that nobody agreed to lose.
status=0
report() { # KIND NAME RESULT KEY
  printf '%s %s %s\n' "$1" "$2" "$3"
  case $3 in
    failed) [ "$status" = 20 ] || status=1 ;;
    refused) status=20 ;;
    kept) grep -qxF "$1 $4" "$DROVER_ACTION/kept" 2>/dev/null || echo "$1 $4" >>"$DROVER_ACTION/kept" ;;
  esac
}

restore_file() { # PATH NUMBER FORM FIELDS…
  path=$1 number=$2 form=$3
  chattr -i "$path" 2>/dev/null
  case $form in
    absent) rm -f "$path" ;;
    link) ln -sfnT "$(unb64 "$4")" "$path" ;;
    content)
      new=$path.drover-old
      cp "$before/$number" "$new" && chmod "$4" "$new" && chown "$5:$6" "$new" && touch -r "$before/$number" "$new" && sync "$new" && mv -fT "$new" "$path" || return 1
      [ "$7" != immutable ] || chattr +i "$path"
      ;;
  esac
}

restore_unit() { # NAME ENABLED ACTIVE
  systemctl daemon-reload
  # An attempt before this one may have taken its package away already, or a later action its file: it is off then.
  case $(systemctl is-enabled "$1" 2>/dev/null) in '' | not-found) [ "$2:$3" != disabled:inactive ] || return 0; ! grep -q '^[0-9]* package ' "$before/index" || return 0 ;; esac
  case $2 in
    enabled | enabled-runtime) systemctl enable --quiet "$1" ;;
    masked) systemctl mask --quiet "$1" ;;
    disabled) systemctl unmask --quiet "$1" 2>/dev/null; systemctl disable --quiet "$1" ;;
  esac || return 1
  case $3 in
    # Its files may have been put back just now: the running process still knows the new ones.
    active | activating) systemctl restart "$1" ;;
    *) systemctl stop "$1" 2>/dev/null || [ "$(systemctl is-active "$1" 2>/dev/null)" != active ] ;;
  esac
}

restore_swap() { # DEVICE:PRIORITY…
  for entry do
    device=${entry%:*} priority=${entry##*:}
    grep -q "^$device " /proc/swaps && continue
    case $priority in -*) swapon "$device" ;; *) swapon -p "$priority" "$device" ;; esac || return 1
  done
}

# Packages that came with the action, unless something else needs them by now.
restore_package() { # NAME
  dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null | grep -qxE 'not-installed' && return 0
  ours=$(awk '$2 == "package" { print $3 }' "$before/index" | while read -r key; do unb64 "$key"; echo; done)
  goes=$(apt-get -s purge "$1" 2>/dev/null | sed -n -E 's/^(Remv|Purg) ([^ ]+) .*/\2/p')
  for other in $goes; do printf '%s\n' "$ours" | grep -qxF "$other" || return 2; done
  DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=240 purge -qq -y "$1" >/dev/null
}

# Chains that ufw leaves behind when it is switched off, in one of the two families.
remove_ufw_chains() { # iptables|ip6tables
  "$1" -S 2>/dev/null | sed -n 's/^-A \(\(INPUT\|OUTPUT\|FORWARD\) -j ufw.*\)/\1/p' | while read -r rule; do
    # shellcheck disable=SC2086 # a rule is several words
    "$1" -D $rule
  done
  for flag in -F -X; do
    "$1" -S 2>/dev/null | sed -n 's/^-N \(ufw.*\)/\1/p' | while read -r chain; do "$1" $flag "$chain"; done
  done
}

restore_ufw() { # ACTIVE CHAINS BASE64(TABLES) BASE64(POLICIES)
  init=/lib/ufw/ufw-init
  [ -x "$init" ] || return 0
  if [ "$1" = yes ]; then
    "$init" force-stop >/dev/null && "$init" start >/dev/null
    return
  fi
  if iptables -n -L ufw-user-input >/dev/null 2>&1; then "$init" force-stop >/dev/null || return 1; fi
  if [ "$2" = no ]; then remove_ufw_chains iptables && remove_ufw_chains ip6tables; fi
  unb64 "$4" | while read -r tool chain policy; do "$tool" -P "$chain" "$policy"; done
  for family in ip ip6; do
    case " $(unb64 "$3") " in *" $family "*) continue ;; esac
    nft list table $family filter 2>/dev/null | grep -qE 'jump|counter|chain [^IFO]' || nft delete table $family filter 2>/dev/null
  done
  true
}

restore_one() { # NUMBER KIND KEY FIELDS…
  number=$1 kind=$2 key=$3
  name=$(name_of "$kind" "$key")
  shift 3
  ! damaged "$number" "$kind" "$@" || return 2
  case $kind in
    file) restore_file "$name" "$number" "$@" ;;
    dir) rmdir "$name" 2>/dev/null || [ ! -d "$name" ] || return 2 ;;
    unit) restore_unit "$name" "$@" ;;
    sysctl) [ -z "${1:-}" ] || [ "$(sysctl -n "$name" 2>/dev/null)" = "$(unb64 "$1")" ] || sysctl -qw "$name=$(unb64 "$1")" ;;
    # shellcheck disable=SC2046 # one word per device
    swap) restore_swap $(unb64 "$1") ;;
    hostname) hostname "$(unb64 "$1")" ;;
    ufw) restore_ufw "$@" ;;
    module) modprobe -r "$name" 2>/dev/null || return 2 ;;
    package) restore_package "$name" ;;
    script) sh "$before/$number" go ;;
  esac
}

tac "$before/index" >"$before/index.reversed"
while read -r line; do
  # shellcheck disable=SC2086 # fields are split on purpose
  restore_one $line </dev/null
  case $? in
    0) report "$kind" "$name" restored "$key" ;;
    2) report "$kind" "$name" kept "$key" ;;
    20) report "$kind" "$name" refused "$key" && break ;;
    *) report "$kind" "$name" failed "$key" ;;
  esac
done <"$before/index.reversed"
exit "$status"
