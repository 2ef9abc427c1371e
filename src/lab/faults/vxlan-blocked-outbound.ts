import { defineFault } from './fault.js';

export const vxlanBlockedOutbound = defineFault({
  id: 'vxlan-blocked-outbound',
  place: 'host',
  title: 'UDP 8472 is dropped on its way out of one host',
  simulates: 'An egress rule on one host: the tunnel works towards it and not from it.',
  codes: ['firewall-drops-port', 'udp-blocked-by-sender'],
  targets: 'agent',
  inject: () => `
nft -f - <<'RULES'
table inet lab_vxlan_blocked_outbound
delete table inet lab_vxlan_blocked_outbound
table inet lab_vxlan_blocked_outbound {
  chain output {
    type filter hook output priority filter; policy accept;
    udp dport 8472 drop
  }
}
RULES
`,
  heal: () => 'nft delete table inet lab_vxlan_blocked_outbound 2>/dev/null || true',
  check: () => 'nft list table inet lab_vxlan_blocked_outbound >/dev/null',
});
