import { allHosts } from '../access.js';
import { findingIf, manual, where } from '../compose.js';
import { defineRule } from '../rule.js';

export const externalNotReached = defineRule({
  code: 'external-not-reached',
  title: 'A host outside the cluster that the spec names cannot be reached',
  severity: 'warning',
  reads: ['contact'],
  explain: `The spec names hosts that are not part of the cluster: databases, load balancers, an installation host. Drover looks at them to find
clashes of addresses and to measure the paths that applications will need. One that is not reached leaves a hole in the picture, but
does not stop a cluster from being built.`,
  check: (context) => {
    const seen = allHosts(context).flatMap(({ name, role, contact }) =>
      role === 'external' && contact.state === 'failed'
        ? [
            {
              host: name,
              fact: `hosts.${name}.contact`,
              text: `${contact.failure}: ${contact.detail}`,
              key: '',
            },
          ]
        : [],
    );
    return findingIf(seen, () => ({
      title: `External ${where(seen)} could not be examined`,
      cause: 'The host is down, or this machine may not log in there.',
      fix: manual('give Drover access to it, or leave it out of the examination with --host'),
    }));
  },
});
