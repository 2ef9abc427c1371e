import { manual, where } from '../compose.js';
import { defineRule } from '../rule.js';
import { servicesWrong } from '../services.js';

export const serviceNameUnknown = defineRule({
  code: 'service-name-unknown',
  title: 'The name of a service outside the cluster is not known',
  severity: 'warning',
  reads: ['services'],
  explain: `The \`endpoint\` of a service in \`spec.externalServices\` is a DNS name that a node's resolver does not know. Pods ask the same servers, through the
cluster's own DNS, so applications will not find it either.

Enter the name where the nodes' name servers know it, correct it, or write the address.`,
  check: (context) =>
    servicesWrong(context, 'name', ({ service, place, seen, everywhere }) => ({
      title: `The name of ${service} (${place}) is not known ${everywhere ? 'anywhere' : `on ${where(seen)}`}`,
      cause: everywhere
        ? 'No name server that the nodes ask has it.'
        : 'Nodes ask other name servers than those that know it, or their /etc/hosts differ.',
      fix: manual('enter the name in DNS, or write the address as endpoint'),
    })),
});
