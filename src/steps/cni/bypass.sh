# Keeps packets between pods out of Flannel's masquerading while a second network runs beside it: without this, pods of
# the second network are seen with the addresses of their nodes. The rule stands before Flannel's, in every back end in
# which Flannel has one; packets that kube-proxy marked go on to be masqueraded. K3s writes its rules anew when it
# starts, so the place is looked at again and again. Needs PODS.
for aux in /var/lib/rancher/k3s/data/current/bin/aux /var/lib/rancher/k3s/data/current/bin; do
  if [ -d "$aux" ]; then PATH=$PATH:$aux; fi
done
mark='--comment drover-cni-bypass'

# Back ends that have anything: asking the other one would load its tables.
tools() {
  if command -v iptables-nft >/dev/null && nft list tables 2>/dev/null | grep -qx 'table ip nat'; then echo iptables-nft; fi
  if command -v iptables-legacy >/dev/null && grep -qx nat /proc/net/ip_tables_names 2>/dev/null; then echo iptables-legacy; fi
}

# places TOOL: numbers of Flannel's first rule and of all of ours, as `flannel N` and `own N`.
places() {
  "$1-save" -t nat 2>/dev/null | awk -v mark="$mark" '
    /^-A POSTROUTING / { n++; if (index($0, mark)) print "own " n; else if (/FLANNEL-POSTRTG|flanneld masq/ && !f) { f = n; print "flannel " n } }'
}

# Ours, the last one first, so that the numbers of the others stay.
take_out() { # TOOL
  places "$1" | sed -n 's/^own //p' | sort -rn | while read -r number; do "$1" -w 5 -t nat -D POSTROUTING "$number"; done
}

held() { # PLACES: exactly one of ours, before Flannel's
  flannel=$(printf '%s\n' "$1" | sed -n 's/^flannel //p')
  own=$(printf '%s\n' "$1" | sed -n 's/^own //p')
  [ -z "$flannel" ] || { [ "$(printf '%s\n' "$own" | wc -l)" = 1 ] && [ -n "$own" ] && [ "$own" -lt "$flannel" ]; }
}

put_in() { # TOOL
  held "$(places "$1")" && return 0
  take_out "$1"
  flannel=$(places "$1" | sed -n 's/^flannel //p')
  [ -n "$flannel" ] || return 0
  # shellcheck disable=SC2086 # two words
  "$1" -w 5 -t nat -I POSTROUTING "$flannel" -s "$PODS" -d "$PODS" -m mark ! --mark 0x4000/0x4000 -m comment $mark -j ACCEPT
}

# Whoever keeps the rule and whoever has just been called must not both put it in.
alone() { (flock 9 && "$@") 9>/run/drover-cni-bypass.lock; }
put_in_all() { for tool in $(tools); do put_in "$tool" || return 1; done; }
take_out_all() { for tool in $(tools); do take_out "$tool"; done; }

case $1 in
  once) alone put_in_all ;;
  keep) while :; do alone put_in_all; sleep 1; done ;;
  remove) alone take_out_all ;;
  check)
    for tool in $(tools); do
      seen=$(places "$tool")
      held "$seen" || echo "$tool: Flannel masquerades packets between pods"
      case $seen in *flannel*) echo "held $tool" ;; esac
    done
    ;;
  absent) for tool in $(tools); do places "$tool" | grep -q '^own' && echo "$tool: the rule is there"; done; true ;;
esac
