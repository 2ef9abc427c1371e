import { defineFault } from './fault.js';

export const kubeletPortEaten = defineFault({
  id: 'kubelet-port-eaten',
  place: 'network',
  title: 'TCP 10250 vanishes on its way to one host',
  simulates:
    'A provider firewall without a rule for the kubelet: logs, exec and metrics fail for the pods of one node.',
  codes: ['tcp-blocked-by-network'],
  targets: 'agent',
  rules: (targets, { to }) => targets.map((host) => `${to(host)} tcp dport 10250 drop`),
});
