# Removes the things, in an order in which nothing that works is cut: rules that drop or rewrite packets first, then
# what they refer to, then routes and devices, files last. Needs residue.sh. Every piece may have gone before.
failed() { echo "$*" >&2; touch "$DROVER_CALL/failed"; }
rm -f "$DROVER_CALL/failed"

# One transaction per table: no packet ever meets half of it.
tables | while read -r tool table; do
  change=$(rules "$tool" "$table" remove)
  [ -z "$change" ] || printf '%s\n' "$change" | "$tool-restore" --noflush || failed "$tool table $table was not changed"
done
of_kind nft | while read -r family table; do
  ! nft list table "$family" "$table" >/dev/null 2>&1 || nft delete table "$family" "$table" || failed "nft table $family $table"
done
of_kind tc | while read -r device name; do
  for way in ingress egress; do
    tc filter show dev "$device" $way 2>/dev/null | grep -F " $name" | sed -n 's/.* pref \([0-9]*\).*/\1/p' | sort -u |
      while read -r pref; do tc filter del dev "$device" $way pref "$pref" || failed "tc $device $name"; done
  done
done
of_kind bpf | sed -n 's/^xdp on //p' | while read -r device; do ip link set dev "$device" xdp off || failed "xdp on $device"; done
# Lists of sets go before their members: as long as a round gets rid of one, another may get rid of more.
before=-1
while now=$(of_kind ipset | while read -r name; do ipset -name list 2>/dev/null | grep -xF -e "$name"; done | wc -l); [ "$now" != 0 ] && [ "$now" != "$before" ]; do
  before=$now
  of_kind ipset | while read -r name; do ipset destroy "$name" 2>/dev/null; done
done
# The host knows its own addresses by the rule for the local table: it is back in its place before the moved one goes.
of_kind iprule | sort -rn | while IFS= read -r text; do
  for family in -4 -6; do
    has_rule $family "$text" || continue
    case $text in 100:*lookup\ local*)
      ip $family rule show | grep -q '^0:' || ip $family rule add pref 0 lookup local || { failed "ip rule"; continue; }
      ;;
    esac
    # shellcheck disable=SC2046 # words of a rule
    ip $family rule del $(rule_words "$text") || failed "ip rule $text"
  done
done
of_kind route | while read -r text; do
  # shellcheck disable=SC2046 # words of a route
  ! has_route "$text" || ip "$(family_of "$text")" route del $(route_words "$text") || failed "route $text"
done
of_kind link | while read -r name; do
  ip link show dev "$name" >/dev/null 2>&1 || continue
  # The device of the module itself cannot be deleted.
  if [ "$name" = tunl0 ]; then ip address flush dev tunl0 && ip link set tunl0 down; else ip link del dev "$name"; fi || failed "link $name"
done
of_kind bpf | grep '^/sys/fs/bpf/' | while read -r path; do rm -rf "$path" || failed "$path"; done
of_kind unbak | while read -r path; do
  [ ! -e "$path" ] || [ -e "${path%.cilium_bak}" ] || mv "$path" "${path%.cilium_bak}" || failed "$path"
done
of_kind file | while read -r path; do
  awk -v path="$path" '$2 == path || index($2, path "/") == 1 { print $2 }' /proc/mounts | sort -r | while read -r mount; do umount "$mount" || failed "mount $mount"; done
  rm -rf --one-file-system "$path" || failed "$path"
done
[ ! -e "$DROVER_CALL/failed" ] || { rm -f "$DROVER_CALL/failed"; exit 1; }
