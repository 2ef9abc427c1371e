import { observe } from '../access.js';
import { does, findingIf, step } from '../compose.js';
import { defineRule } from '../rule.js';

export const resolverTooMany = defineRule({
  code: 'resolver-too-many',
  title: 'Too many name servers or search domains',
  severity: 'warning',
  reads: ['resolver'],
  explain: `The C library and kubelet use three name servers and drop the rest ("Nameserver limits were exceeded" on every pod). Kubernetes adds three search domains of its own, and pods ask
for each unqualified name under every one of them: with more than three on the host each look-up becomes a dozen questions.`,
  source: 'https://kubernetes.io/docs/tasks/administer-cluster/dns-debugging-resolution/',
  check: (context) => {
    const seen = observe(context, 'resolver', ({ nameservers, search }) =>
      nameservers.length > 3 || search.length > 3
        ? `${nameservers.length} name servers, ${search.length} search domains`
        : undefined,
    );
    return findingIf(seen, () => ({
      title: `${does(seen, 'has')} more name servers or search domains than pods can use`,
      cause: 'DHCP, VPN software and hand-written lines added up.',
      fix: step('host.resolvers', 'keep at most three servers and three search domains in /etc/resolv.conf'),
    }));
  },
});
