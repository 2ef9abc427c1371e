# Prints the whole state of a host's network, for comparing with how it is later. Reads only.
for aux in /var/lib/rancher/k3s/data/current/bin/aux /var/lib/rancher/k3s/data/current/bin; do
  if [ -d "$aux" ]; then PATH=$PATH:$aux; fi
done
section() { printf '\n# %s\n' "$1"; }
# Counters and times say nothing about what was there.
for tool in iptables-nft ip6tables-nft; do
  command -v "$tool-save" >/dev/null && section "$tool" && "$tool-save" 2>/dev/null | grep -v '^#' | sed 's/ \[[0-9:]*\]$//'
done
for family in ip ip6; do
  [ -s "/proc/net/${family}_tables_names" ] && section "${family}tables-legacy" && "${family}tables-legacy-save" 2>/dev/null | grep -v '^#' | sed 's/ \[[0-9:]*\]$//'
done
command -v nft >/dev/null && section nft && nft -s list ruleset 2>/dev/null
command -v ipset >/dev/null && section ipset && ipset save 2>/dev/null | sort
section links && ip -o -d link 2>/dev/null | sed 's/^[0-9]*: //'
section addresses && ip -o address 2>/dev/null | sed 's/^[0-9]*: //; s/ valid_lft.*//'
section routes && { ip -4 route show table all; ip -6 route show table all; } 2>/dev/null | sort
section rules && { ip -4 rule; ip -6 rule; } 2>/dev/null
section files
for dir in /etc/cni /opt/cni /var/lib/cni /var/lib/rancher/k3s/agent/etc/cni /var/lib/calico /var/lib/cilium /run/flannel; do
  [ ! -d "$dir" ] || find "$dir" -xdev \( -type f -o -type l \) -printf '%p %m %U:%G %s %l\n'
done | sort
for dir in /etc/cni/net.d /var/lib/rancher/k3s/agent/etc/cni/net.d; do
  for file in "$dir"/*; do [ ! -f "$file" ] || { section "$file" && cat "$file"; }; done
done
true
