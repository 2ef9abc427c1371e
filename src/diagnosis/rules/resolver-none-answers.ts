import { observe } from '../access.js';
import { findingIf, step, where } from '../compose.js';
import { defineRule } from '../rule.js';

export const resolverNoneAnswers = defineRule({
  code: 'resolver-none-answers',
  title: 'No name server answers',
  severity: 'error',
  reads: ['resolver'],
  explain: `Each configured name server was asked directly, and none answered. Images cannot be pulled, packages not installed, and CoreDNS, which passes outside names on to
these servers, answers SERVFAIL for everything but the cluster's own names.`,
  causes: ['contact-slow'],
  check: (context) => {
    const seen = observe(context, 'resolver', ({ nameservers, lookups }) => {
      if (nameservers.length === 0) return { text: 'resolv.conf names no server', at: 'nameservers' };
      if (lookups.length === 0 || lookups.some(({ ok }) => ok)) return undefined;
      return { text: lookups.map(({ server, detail }) => `${server}: ${detail}`).join(' · '), at: 'lookups' };
    });
    return findingIf(seen, () => ({
      title: `No name server answers on ${where(seen)}`,
      cause: 'The servers in /etc/resolv.conf are wrong, down, or shut off by a firewall (UDP and TCP 53).',
      fix: step(
        'host.resolvers',
        'write working servers into /etc/resolv.conf; try one first: dig @1.1.1.1 +time=2 debian.org',
      ),
    }));
  },
});
