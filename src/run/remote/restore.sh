# Puts back everything that an action saved, newest first. Prints one line per thing: KIND NAME RESULT.
# Needs $DROVER_ACTION; the functions of save-points.sh stand before it.
status=0
unb64() { printf %s "$1" | base64 -d; }
report() {
  printf '%s %s %s\n' "$1" "$2" "$3"
  [ "$3" != failed ] || status=1
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
  case $2 in
    enabled | enabled-runtime) systemctl enable --quiet "$1" ;;
    masked) systemctl mask --quiet "$1" ;;
    disabled) systemctl unmask --quiet "$1" 2>/dev/null; systemctl disable --quiet "$1" ;;
  esac || return 1
  case $3 in
    active | activating) systemctl start "$1" ;;
    *) systemctl stop "$1" 2>/dev/null || [ "$(systemctl is-active "$1" 2>/dev/null)" != active ] ;;
  esac
}

restore_one() { # NUMBER KIND NAME FIELDS…
  number=$1 kind=$2
  [ "$kind" = swap ] && name=$3 || name=$(unb64 "$3")
  shift 3
  case $kind in
    file) restore_file "$name" "$number" "$@" ;;
    dir) rmdir "$name" 2>/dev/null || [ ! -d "$name" ] || return 2 ;;
    unit) restore_unit "$name" "$@" ;;
    sysctl) [ -z "$1" ] || sysctl -qw "$name=$(unb64 "$1")" ;;
    swap) for device in $(unb64 "$1"); do grep -q "^$device " /proc/swaps || swapon "$device" || return 1; done ;;
    module) modprobe -r "$name" 2>/dev/null || return 2 ;;
    package) DEBIAN_FRONTEND=noninteractive apt-get purge -qq -y "$name" >/dev/null ;;
  esac
}

tac "$before/index" >"$before/index.reversed"
while read -r line; do
  # shellcheck disable=SC2086 # fields are split on purpose
  restore_one $line </dev/null
  case $? in
    0) report "$kind" "$name" restored ;;
    2) report "$kind" "$name" kept ;;
    *) report "$kind" "$name" failed ;;
  esac
done <"$before/index.reversed"
exit "$status"
