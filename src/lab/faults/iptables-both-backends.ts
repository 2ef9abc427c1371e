import { defineFault } from './fault.js';

export const iptablesBothBackends = defineFault({
  id: 'iptables-both-backends',
  place: 'host',
  title: 'Rules of both iptables backends are active',
  simulates:
    'An old script used iptables-legacy, today’s tools use nftables: each shows half of the rules, the kernel obeys both.',
  codes: ['iptables-both-backends'],
  targets: 'agent',
  inject: () => `
iptables-legacy -C INPUT -p tcp --dport 9 -j DROP 2>/dev/null || iptables-legacy -A INPUT -p tcp --dport 9 -j DROP
iptables-nft -C INPUT -p tcp --dport 13 -j DROP 2>/dev/null || iptables-nft -A INPUT -p tcp --dport 13 -j DROP
`,
  heal: () => `
iptables-legacy -D INPUT -p tcp --dport 9 -j DROP 2>/dev/null || true
iptables-nft -D INPUT -p tcp --dport 13 -j DROP 2>/dev/null || true
nft delete table ip filter 2>/dev/null || true
`,
  check: () =>
    'iptables-legacy -C INPUT -p tcp --dport 9 -j DROP && iptables-nft -C INPUT -p tcp --dport 13 -j DROP',
});
