import { defineFault } from './fault.js';
import { portDropped } from './port-dropped.js';

export const vxlanBlockedOutbound = defineFault({
  id: 'vxlan-blocked-outbound',
  place: 'host',
  title: 'UDP 8472 is dropped on its way out of one host',
  simulates: 'An egress rule on one host: the tunnel works towards it and not from it.',
  codes: ['firewall-drops-port', 'udp-blocked-by-sender'],
  targets: 'agent',
  ...portDropped({ table: 'lab_vxlan_blocked_outbound', hook: 'output', udp: 8472 }),
});
