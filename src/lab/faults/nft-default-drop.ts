import { defineFault } from './fault.js';

export const nftDefaultDrop = defineFault({
  id: 'nft-default-drop',
  place: 'host',
  title: 'A host firewall drops whatever it does not know',
  simulates: 'A hand-written nftables ruleset with policy drop and rules for SSH and ping alone.',
  codes: ['firewall-default-drop'],
  targets: 'agent',
  inject: () => `
nft -f - <<'RULES'
table inet site_firewall
delete table inet site_firewall
table inet site_firewall {
  chain input {
    type filter hook input priority filter; policy drop;
    ct state established,related accept
    iif lo accept
    tcp dport 22 accept
    meta l4proto icmp accept
  }
}
RULES
`,
  heal: () => 'nft delete table inet site_firewall 2>/dev/null || true',
  check: () => 'nft list table inet site_firewall >/dev/null',
});
