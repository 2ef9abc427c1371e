# Notes on the host how every thing was, before the first one goes, and how it is made again. Needs residue.sh, the
# functions of save points, and PUT_BACK: the script that makes things again.
keep=$DROVER_ACTION/cni
rm -rf "$keep" && mkdir -p "$keep" || exit 73
things >"$keep/things"

tables | while read -r tool table; do rules "$tool" "$table" make >"$keep/rules.$tool.$table"; done
find "$keep" -name 'rules.*' -empty -delete

of_kind nft | while read -r family table; do nft list table "$family" "$table"; done >"$keep/nft"
of_kind ipset | while read -r name; do ipset save "$name"; done | sort -s -k1,1r >"$keep/ipsets" 2>/dev/null

# What `ip link add` needs for devices of which it can be told; keys of WireGuard and programs cannot.
make_link() { # NAME
  shown=$(ip -o -d link show dev "$1" 2>/dev/null) || return 0
  word() { printf '%s' "$shown" | sed -n "s/.* $1 \([^ ]*\).*/\1/p"; }
  peer=$(printf '%s' "$shown" | sed -n 's/^[0-9]*: [^@:]*@\([^:]*\):.*/\1/p')
  case $shown in
    *' vxlan external'*) echo "ip link add $1 type vxlan external dstport $(word dstport)" ;;
    *' vxlan id '*)
      dev=$(printf '%s' "$shown" | sed -n 's/.* vxlan id [^\\]* dev \([^ ]*\).*/\1/p')
      source=$(printf '%s' "$shown" | sed -n 's/.* vxlan id [^\\]* local \([^ ]*\).*/\1/p')
      learning=
      case $shown in *' nolearning '*) learning=nolearning ;; esac
      echo "ip link add $1 type vxlan id $(word 'vxlan id') ${source:+local $source} ${dev:+dev $dev} dstport $(word dstport) $learning"
      ;;
    *' geneve external'*) echo "ip link add $1 type geneve external dstport $(word dstport)" ;;
    *' bridge forward_delay'*) echo "ip link add $1 type bridge" ;;
    *' dummy '*) echo "ip link add $1 type dummy" ;;
    *' veth '*) echo "ip link show dev $1 >/dev/null 2>&1 || ip link add $1 type veth peer name $peer" ;;
    *' ipip '*) ;;
    *) return 0 ;;
  esac
  echo "ip link set $1 mtu $(word mtu) $(case $(printf '%s' "$shown" | sed 's/.*<\([^>]*\)>.*/\1/') in *UP*) echo up ;; esac)"
  ip -o address show dev "$1" scope global | awk '{ for (i = 4; i <= NF; i++) if ($(i - 1) == "inet" || $(i - 1) == "inet6") print $i }' |
    while read -r address; do echo "ip address replace $address dev $1"; done
}
of_kind link | while read -r name; do make_link "$name"; done >"$keep/links"
of_kind route | while read -r text; do
  if has_route "$text"; then echo "ip $(family_of "$text") route replace $(route_words "$text")"; fi
done >"$keep/routes"
of_kind iprule | while IFS= read -r text; do
  for family in -4 -6; do
    has_rule $family "$text" || continue
    echo "ip $family rule add $(rule_words "$text")"
    case $text in 100:*lookup\ local*)
      ip $family rule show | grep -q '^0:' || echo "ip $family rule del pref 0 lookup local"
      ;;
    esac
  done
done >"$keep/iprules"
{ of_kind file; of_kind unbak; } | sed 's|^/||' >"$keep/paths"
if [ -s "$keep/paths" ]; then
  tar -C / --one-file-system -cpf "$keep/files.tar" -T "$keep/paths" 2>/dev/null || [ $? = 1 ] || exit 73
fi
of_kind unbak | while read -r path; do save_file "${path%.cilium_bak}" || exit 73; done || exit 73
sync "$keep"/*
{ printf "keep='%s'\nthings() { cat \"\$keep/things\"; }\n" "$keep"; printf '%s\n' "$PUT_BACK"; } | save_script cni || exit 73
