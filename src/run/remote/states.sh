# What saved things were, what the action left, and what they are now, in words that can be compared. Reads only.
# Needs $before, the folder of the action's save points.
#
#   $DROVER_ACTION/left   one line per saved thing, written when a call ends: KIND KEY STATE
#   $DROVER_ACTION/kept   things that an undo could not take away because somebody else needs them: KIND KEY

b64() { printf %s "$1" | base64 | tr -d '\n'; }
unb64() { printf %s "$1" | base64 -d; }

name_of() { # KIND KEY
  case $1 in swap | hostname | ufw) printf %s "$2" ;; *) unb64 "$2" ;; esac
}

flags_of() { lsattr -d "$1" 2>/dev/null | awk '{ print ($1 ~ /i/) ? "immutable" : "plain" }'; }

whole_digest() { sha256sum 2>/dev/null <"$1" | cut -d' ' -f1; }

# Large files are told by their ends: reading binaries whole would cost a second per host.
content_of() { # PATH
  size=$(stat -c %s "$1")
  if [ "$size" -gt 2097152 ]; then
    { head -c 1048576 "$1"; tail -c 1048576 "$1"; echo "$size"; } | sha256sum | cut -d' ' -f1
  else
    sha256sum <"$1" | cut -d' ' -f1
  fi
}

file_state() { # PATH
  if [ -L "$1" ]; then
    echo "link:$(readlink "$1")"
  elif [ -f "$1" ]; then
    flags=$(flags_of "$1")
    echo "$(stat -c '%a:%u:%g' "$1"):${flags:-plain}:$(content_of "$1")"
  elif [ -e "$1" ]; then
    echo other
  else
    echo absent
  fi
}

unit_state() { # ENABLED ACTIVE
  case $1 in '' | not-found) set -- none "$2" ;; esac
  case $2 in active | activating | reloading | refreshing) echo "$1:active" ;; *) echo "$1:inactive" ;; esac
}

swap_now() { tail -n +2 /proc/swaps | awk '{ print $1 ":" $5 }' | sort | tr '\n' ' '; }

now_of() { # NUMBER KIND NAME
  case $2 in
    file) file_state "$3" ;;
    dir) if [ -d "$3" ]; then echo present; else echo absent; fi ;;
    unit) unit_state "$(systemctl is-enabled "$3" 2>/dev/null)" "$(systemctl is-active "$3" 2>/dev/null)" ;;
    sysctl) sysctl -n "$3" 2>/dev/null ;;
    swap) swap_now ;;
    hostname) uname -n ;;
    module) if [ -d "/sys/module/$(printf %s "$3" | tr - _)" ]; then echo present; else echo absent; fi ;;
    package) if dpkg-query -W -f '${db:Status-Status}' "$3" 2>/dev/null | grep -qx not-installed; then echo absent; elif dpkg-query -W "$3" >/dev/null 2>&1; then echo present; else echo absent; fi ;;
    ufw) if iptables -n -L ufw-user-input >/dev/null 2>&1; then echo yes; else echo no; fi ;;
    script) sh "$before/$1" look ;;
  esac
}

saved_of() { # NUMBER KIND FIELDS…
  number=$1 kind=$2
  shift 2
  case $kind in
    file)
      case $1 in
        absent) echo absent ;;
        link) echo "link:$(unb64 "$2")" ;;
        content) echo "$2:$3:$4:$5:$7" ;;
      esac
      ;;
    unit) unit_state "$1" "$2" ;;
    sysctl) unb64 "${1:-}" ;;
    swap) unb64 "${1:-}" | sort | tr '\n' ' ' ;;
    hostname) unb64 "$1" ;;
    ufw) echo "$1" ;;
    script) echo clean ;;
    *) echo absent ;;
  esac
}

# Kernel settings that Kubernetes itself makes while it runs.
made_by_kubernetes() {
  case $1 in
    vm.overcommit_memory | vm.panic_on_oom | kernel.panic | kernel.panic_on_oops | kernel.keys.*) true ;;
    net.netfilter.nf_conntrack_* | net.bridge.* | net.ipv4.ip_forward | net.ipv[46].conf.*forwarding | net.ipv4.conf.*route_localnet) true ;;
    *) false ;;
  esac
}

# alike KIND NAME LEFT NOW: nobody else has changed the thing meanwhile. Whether a unit runs says nothing about
# that: hosts reboot, services fall.
alike() {
  [ "$3" != "$4" ] || return 0
  case $1 in
    unit) [ "${3%:*}" = "${4%:*}" ] ;;
    sysctl) made_by_kubernetes "$2" ;;
    file | hostname | swap) false ;;
    *) true ;;
  esac
}

# verdict NUMBER KIND KEY NAME SAVED NOW: saved = as it was found, kept = stays for somebody else, left = as the
# action left it, unknown = the action did not end, foreign = changed by others.
verdict() {
  if [ "$5" = "$6" ]; then echo saved && return; fi
  # A key that the kernel did not have then cannot be taken away.
  if [ "$2" = sysctl ] && [ -z "$5" ]; then echo saved && return; fi
  # A unit that went with its package or its file has nothing left to put back.
  if [ "$2" = unit ] && [ "$6" = none:inactive ]; then
    case $5 in *:inactive) echo saved && return ;; esac
    if grep -q '^[0-9]* package ' "$before/index"; then echo saved && return; fi
  fi
  if grep -qxF "$2 $3" "$DROVER_ACTION/kept" 2>/dev/null; then echo kept && return; fi
  left=$(awk -v kind="$2" -v key="$3" '$1 == kind && $2 == key { print $3 }' "$DROVER_ACTION/left" 2>/dev/null)
  if [ -z "$left" ]; then echo unknown && return; fi
  if alike "$2" "$4" "$(unb64 "${left#=}")" "$6"; then echo left; else echo foreign; fi
}

# damaged NUMBER KIND FIELDS…: what was saved is no longer what it was.
damaged() {
  case $2:$3 in
    file:content) set -- "$1" "$8" ;;
    script:saved) set -- "$1" "$4" ;;
    *) return 1 ;;
  esac
  [ "$(whole_digest "$before/$1")" != "$2" ]
}

# The list of saved things still begins with the lines that the journal knows. Needs DROVER_SAVED, the digest of the
# first DROVER_THINGS lines; empty = the journal knows none.
listed() {
  [ -z "$DROVER_SAVED" ] || [ "$(head -n "$DROVER_THINGS" "$before/index" 2>/dev/null | sha256sum | cut -d' ' -f1)" = "$DROVER_SAVED" ]
}

# Written when a call ends; `=` keeps an empty state a word.
note_left() {
  [ -s "$before/index" ] || return 0
  while read -r number kind key rest; do
    printf '%s %s =%s\n' "$kind" "$key" "$(b64 "$(now_of "$number" "$kind" "$(name_of "$kind" "$key")" </dev/null)")"
  done <"$before/index" >"$DROVER_ACTION/left.new"
  sync "$DROVER_ACTION/left.new" && mv -f "$DROVER_ACTION/left.new" "$DROVER_ACTION/left"
}

# One line per saved thing: NUMBER KIND VERDICT BASE64(NAME) BASE64(SAVED) BASE64(NOW), each with `=` before it. A saved
# script that is damaged is not run. $DROVER_ACTION/left-alone: a damaged list stays, because a person said so.
survey() {
  [ ! -e "$DROVER_ACTION/left-alone" ] || return 0
  if ! listed; then
    printf '0 list damaged =%s = =\n' "$(b64 "$before/index")"
    return 0
  fi
  [ -s "$before/index" ] || return 0
  while read -r number kind key rest; do
    name=$(name_of "$kind" "$key")
    # shellcheck disable=SC2086 # fields are split on purpose
    was=$(saved_of "$number" "$kind" $rest)
    # shellcheck disable=SC2086 # fields are split on purpose
    if damaged "$number" "$kind" $rest; then bad=yes; else bad=no; fi
    if [ "$bad $kind" = "yes script" ]; then is=unknown; else is=$(now_of "$number" "$kind" "$name" </dev/null); fi
    word=$(verdict "$number" "$kind" "$key" "$name" "$was" "$is")
    case $bad$word in yessaved | yeskept) ;; yes*) word=damaged ;; esac
    printf '%s %s %s =%s =%s =%s\n' "$number" "$kind" "$word" "$(b64 "$name")" "$(b64 "$was")" "$(b64 "$is")"
  done <"$before/index"
}
