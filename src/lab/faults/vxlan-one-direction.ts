import { defineFault } from './fault.js';

export const vxlanOneDirection = defineFault({
  id: 'vxlan-one-direction',
  place: 'network',
  title: 'UDP 8472 vanishes on its way to one host',
  simulates: 'A provider firewall that lacks the rule for one server.',
  codes: ['udp-blocked-by-network', 'vxlan-ports-eaten'],
  targets: 'agent',
  rules: (targets, { to }) => targets.map((host) => `${to(host)} udp dport 8472 drop`),
});
