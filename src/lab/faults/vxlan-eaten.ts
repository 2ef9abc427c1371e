import { defineFault } from './fault.js';

export const vxlanEaten = defineFault({
  id: 'vxlan-eaten',
  place: 'network',
  title: 'UDP 8472 vanishes between all hosts',
  simulates:
    'A hypervisor or provider that keeps the port for itself or has no rule for it. Nothing on the hosts shows it; every other port passes.',
  codes: ['vxlan-ports-eaten', 'udp-blocked-by-network'],
  targets: 'all',
  rules: () => ['udp dport 8472 drop'],
});
