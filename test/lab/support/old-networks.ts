/*
 * What the attempts of many guides leave on a host: Calico by manifest (applied, patched, deleted), Flannel switched back
 * on beside it, Cilium tried and removed. Names, chains and files are those that the networks make.
 */

const CHAINS = `
for backend in nft legacy; do
  iptables-$backend-restore --noflush <<'RULES'
*filter
:cali-INPUT - [0:0]
:cali-FORWARD - [0:0]
:cali-OUTPUT - [0:0]
:cali-from-wl-dispatch - [0:0]
:CILIUM_FORWARD - [0:0]
-A cali-FORWARD -m comment --comment "cali:vjrMJCRpqwy5oRoX" -j MARK --set-xmark 0x0/0xe0000
-A cali-FORWARD -i cali+ -m comment --comment "cali:A_sPAO0mcxbT9mOV" -j cali-from-wl-dispatch
-A cali-from-wl-dispatch -m comment --comment "cali:zTj6P0TIgYvgz-md" -m comment --comment "Unknown interface" -j DROP
-A CILIUM_FORWARD -o cilium_host -m comment --comment "cilium: any->cluster on cilium_host forward accept" -j ACCEPT
-I INPUT 1 -m comment --comment "cali:Cz_u1IQiXIMmKD4c" -j cali-INPUT
-I FORWARD 1 -m comment --comment "cali:wUHhoiAYhphO9Mso" -j cali-FORWARD
-I OUTPUT 1 -m comment --comment "cali:tVnHkvAo15HuiPy0" -j cali-OUTPUT
-A FORWARD -m comment --comment "cali:S93hcgKJrXEqnTfs" -m comment --comment "Policy explicitly accepted packet." -m mark --mark 0x10000/0x10000 -j ACCEPT
-A FORWARD -m comment --comment "cilium-feeder: CILIUM_FORWARD" -j CILIUM_FORWARD
COMMIT
*nat
:cali-POSTROUTING - [0:0]
:cali-nat-outgoing - [0:0]
-A cali-POSTROUTING -m comment --comment "cali:Z-c7XtVd2Bq7s_hA" -j cali-nat-outgoing
-A cali-nat-outgoing -m comment --comment "cali:flqWnvo8yq4ULQLa" -m set --match-set cali40masq-ipam-pools src -m set ! --match-set cali40all-ipam-pools dst -j MASQUERADE
-I POSTROUTING 1 -m comment --comment "cali:O3lYWMrLQYEMJtB5" -j cali-POSTROUTING
COMMIT
*mangle
:cali-PREROUTING - [0:0]
-I PREROUTING 1 -m comment --comment "cali:6gwbT8clXdHdC1b1" -j cali-PREROUTING
COMMIT
*raw
:cali-PREROUTING - [0:0]
-I PREROUTING 1 -m comment --comment "cali:6gwbT8clXdHdC1b1" -j cali-PREROUTING
COMMIT
RULES
done`;

/** Traces of Calico, of Cilium and of an older Flannel, for a host whose network works and is none of these. */
export const plantOldNetworks = (index: number): string => `set -e
ipset create cali40all-ipam-pools hash:net family inet maxelem 1048576
ipset add cali40all-ipam-pools 192.168.0.0/16
ipset create cali40masq-ipam-pools hash:net family inet maxelem 1048576
ipset create cali40this-host hash:ip family inet maxelem 1048576
ipset create cali40s:members list:set
ipset add cali40s:members cali40this-host
ipset create cilium_node_set_v4 hash:ip family inet
${CHAINS}
nft add table arp calico-arp
nft add chain arp calico-arp arp-mark '{ type filter hook input priority 0; }'
ip link add vxlan.calico type vxlan id 4096 local $(ip -o -4 address show dev host0 | awk '{ sub("/.*", "", $4); print $4; exit }') dev host0 dstport 4789 nolearning
ip address add 192.168.${index}.0/32 dev vxlan.calico
ip link set vxlan.calico mtu 1450 up
ip route add 192.168.9.0/26 via 192.168.9.0 dev vxlan.calico onlink proto 80
ip route add blackhole 192.168.${index}.0/26 proto 80
ip link add cilium_vxlan type vxlan external dstport 8473
ip link set cilium_vxlan up
ip link add cilium_host type veth peer name cilium_net
ip link set cilium_host up
ip link set cilium_net up
ip address add 10.0.${index}.12/32 dev cilium_host
ip route add 10.0.9.0/24 dev cilium_host
ip route add local 0.0.0.0/0 dev lo table 2004
ip rule add pref 9 fwmark 0x200/0xf00 lookup 2004
ip rule add pref 10 fwmark 0xa00/0xf00 lookup 2005
ip rule add pref 100 lookup local
ip rule del pref 0 lookup local
ip link add flannel-wg type bridge
ip address add 10.244.${index}.0/32 dev flannel-wg
ip link set flannel-wg up
mkdir -p /etc/cni/net.d /opt/cni/bin /var/lib/calico /var/log/calico/cni /etc/calico /var/run/cilium/state /var/lib/cilium
echo '{"name":"k8s-pod-network","cniVersion":"0.3.1","plugins":[{"type":"calico"}]}' >/etc/cni/net.d/10-calico.conflist
echo 'apiVersion: v1' >/etc/cni/net.d/calico-kubeconfig
chmod 600 /etc/cni/net.d/calico-kubeconfig
echo '{"cniVersion":"0.3.1","name":"cilium","plugins":[{"type":"cilium-cni"}]}' >/etc/cni/net.d/05-cilium.conflist
echo '{"name":"cbr0","cniVersion":"0.3.1","plugins":[{"type":"flannel"}]}' >/etc/cni/net.d/10-flannel.conflist.cilium_bak
for plugin in calico calico-ipam flannel cilium-cni; do printf '#!/bin/sh\\nexit 1\\n' >/opt/cni/bin/$plugin; chmod 755 /opt/cni/bin/$plugin; done
echo server-1 >/var/lib/calico/nodename
echo log >/var/log/calico/cni/cni.log
echo state >/var/run/cilium/state/old
printf 'net.ipv4.conf.all.rp_filter = 0\\n' >/etc/sysctl.d/99-zzz-override_cilium.conf`;

/**
 * Everything of a host's network and files that cluster networks make, one thing per line, without what changes while a
 * cluster lives: counters, Services, pods.
 */
export const NETWORK_INVENTORY = `
ip -o link show | sed -E 's/^[0-9]+: ([^:@]+).*/link \\1/' | grep -vE '^link veth' | sort
{ ip -4 route show table all; ip -6 route show table all; } | grep -vE 'dev veth|^(local|broadcast|multicast|anycast) .* dev (lo|host0)|proto kernel|expires' | sed 's/ *$//; s/^/route /' | sort
{ ip -4 rule show; ip -6 rule show; } | sed 's/^/rule /'
for tool in iptables-nft ip6tables-nft iptables-legacy ip6tables-legacy; do
  $tool-save 2>/dev/null | sed -nE "/^:(cali|felix|CILIUM|OLD_CILIUM|FLANNEL)/p; /^-A .*(cali|cilium|flannel)/p" | sed "s/ \\[.*//; s/^/$tool /"
done
nft list tables 2>/dev/null | grep -vE '^table ip6? (filter|nat|mangle|raw|security)$'
ipset -name list 2>/dev/null | sed 's/^/ipset /' | sort
find /etc/cni /opt/cni /var/lib/calico /var/log/calico /etc/calico /run/calico /run/cilium /var/lib/cilium /run/flannel /etc/sysctl.d ! -type d -printf '%y %m %p\\n' 2>/dev/null | sort
true`;
