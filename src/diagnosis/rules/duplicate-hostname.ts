import { duplicates, observe } from '../access.js';
import { findingPerKey, step, where } from '../compose.js';
import { defineRule } from '../rule.js';

export const duplicateHostname = defineRule({
  code: 'duplicate-hostname',
  title: 'Hosts have the same hostname',
  severity: 'error',
  reads: ['identity'],
  explain: `The hostname becomes the node name. Two hosts with one name fight for one Node object; K3s refuses the second with "Node password rejected,
duplicate hostname".`,
  source: 'https://docs.k3s.io/installation/requirements',
  causes: ['hostname-differs', 'install-failing'],
  check: (context) => {
    const seen = observe(context, 'identity', ({ hostname }) => ({
      text: `hostname ${hostname}`,
      at: 'hostname',
      key: hostname.toLowerCase(),
    }));
    return findingPerKey(duplicates(seen), (name, group) => ({
      title: `${where(group)} are all called ${name}`,
      cause: 'The hosts were cloned, or named by hand with a slip.',
      fix: step('host.hostname', 'give each host its own name: hostnamectl set-hostname NAME'),
    }));
  },
});
