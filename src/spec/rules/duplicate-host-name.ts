import { duplicateNames } from '../duplicates.js';
import { defineSpecRule } from '../rule.js';

export const duplicateHostName = defineSpecRule({
  code: 'duplicate-host-name',
  title: 'Two hosts have the same name',
  severity: 'error',
  explain: `A node's name is its identity: the second host of a name replaces the first in the cluster, and K3s refuses it because
its node password differs. Every host needs a name of its own.`,
  reads: ['hosts'],
  check: ({ hosts }, { host: at }) =>
    duplicateNames(hosts.map((host) => ({ text: host.name, location: at(host, 'name') }))),
});
