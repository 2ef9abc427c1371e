import { defineFault } from './fault.js';
import { portDropped } from './port-dropped.js';

export const secondVxlanBlocked = defineFault({
  id: 'second-vxlan-blocked',
  place: 'host',
  title: 'UDP 4789 is dropped on one host',
  simulates:
    'A host firewall that lets the tunnel of the network in use pass and not that of the next one: Calico’s VXLAN, or the lab’s own network, comes up beside Flannel and never becomes healthy.',
  codes: ['firewall-drops-port', 'udp-blocked-by-host'],
  targets: 'agent',
  ...portDropped({ table: 'lab_second_vxlan_blocked', hook: 'input', udp: 4789 }),
});
