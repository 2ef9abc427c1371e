import { defineFault } from './fault.js';
import { portDropped } from './port-dropped.js';

export const vxlanBlocked = defineFault({
  id: 'vxlan-blocked',
  place: 'host',
  title: 'UDP 8472 is dropped on one host',
  simulates:
    'A host firewall without a rule for the tunnel of Flannel and Cilium: pods cannot talk, while nodes stay Ready and hosts reach each other.',
  codes: ['firewall-drops-port', 'udp-blocked-by-host'],
  targets: 'agent',
  ...portDropped({ table: 'lab_vxlan_blocked', hook: 'input', udp: 8472 }),
});
