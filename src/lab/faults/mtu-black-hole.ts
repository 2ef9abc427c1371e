import { defineFault } from './fault.js';

export const mtuBlackHole = defineFault({
  id: 'mtu-black-hole',
  place: 'network',
  title: 'Large packets to one host vanish without a word',
  simulates: 'A path with a smaller MTU whose ICMP messages are filtered: pings pass, TLS handshakes hang.',
  codes: ['path-mtu-low'],
  targets: 'agent',
  rules: (targets, { from, to }) =>
    targets.flatMap((host) => [`${to(host)} ip length > 1400 drop`, `${from(host)} ip length > 1400 drop`]),
});
