import { defineFault } from './fault.js';

export const vxlanBlocked = defineFault({
  id: 'vxlan-blocked',
  place: 'host',
  title: 'UDP 8472 is dropped on one host',
  simulates:
    'A host firewall without a rule for the tunnel of Flannel and Cilium: pods cannot talk, while nodes stay Ready and hosts reach each other.',
  codes: ['firewall-drops-port', 'udp-blocked-by-host'],
  targets: 'agent',
  inject: () => `
nft -f - <<'RULES'
table inet lab_vxlan_blocked
delete table inet lab_vxlan_blocked
table inet lab_vxlan_blocked {
  chain input {
    type filter hook input priority filter; policy accept;
    udp dport 8472 drop
  }
}
RULES
`,
  heal: () => 'nft delete table inet lab_vxlan_blocked 2>/dev/null || true',
  check: () => 'nft list table inet lab_vxlan_blocked >/dev/null',
});
