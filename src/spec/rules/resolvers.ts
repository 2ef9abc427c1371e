import { defineSpecRule, type Problem } from '../rule.js';

export const resolvers = defineSpecRule({
  code: 'resolvers',
  title: 'The name servers would not work as written',
  severity: 'error',
  explain: `The C library reads three name servers and ignores the rest; Kubernetes refuses pods whose resolv.conf has more. A loopback
address (127.x, ::1) leads to the host's own stub on hosts, but inside a pod to the pod itself: CoreDNS then asks itself until it
stops with *Loop detected*.`,
  source: 'https://coredns.io/plugins/loop/',
  reads: ['preparation'],
  check: ({ preparation }, { at }) => {
    const servers = preparation.resolvers?.servers ?? [];
    const path = ['spec', 'preparation', 'resolvers', 'servers'];
    const problems: Problem[] = servers.flatMap((address, index) =>
      address.startsWith('127.') || address === '::1'
        ? [
            {
              message: 'a loopback address is no name server for pods',
              location: at([...path, index]),
              hint: 'name the real server',
            },
          ]
        : [],
    );
    if (servers.length > 3)
      problems.push({
        message: `${servers.length} name servers, of which three are used`,
        location: at([...path, 3]),
        hint: 'keep three',
      });
    return problems;
  },
});
