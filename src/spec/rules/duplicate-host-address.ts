import { duplicateAddresses } from '../duplicates.js';
import { defineSpecRule } from '../rule.js';

export const duplicateHostAddress = defineSpecRule({
  code: 'duplicate-host-address',
  title: 'Two hosts have the same address',
  severity: 'error',
  explain: `One machine would be prepared and joined twice, under two names. When two names are right (a service moved onto a host
of the cluster), keep one row and use the other name in an application's or service's section.`,
  reads: ['hosts'],
  check: ({ hosts }, { host: at }) =>
    duplicateAddresses(hosts.map((host) => ({ text: host.address, location: at(host, 'address') }))),
});
