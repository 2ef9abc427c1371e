import { grouped, type Look, observe } from '../access.js';
import { findingPerKey, step, where } from '../compose.js';
import { defineRule } from '../rule.js';

export const resolverServerDead = defineRule({
  code: 'resolver-server-dead',
  title: 'One of several name servers does not answer',
  severity: 'warning',
  reads: ['resolver'],
  explain: `Programs ask the servers in order and wait five seconds for a dead one, so that some look-ups take five or ten seconds: "DNS is slow sometimes". CoreDNS picks its
upstream at random and shows the same.`,
  source: 'man resolv.conf(5)',
  check: (context) => {
    const seen = observe(context, 'resolver', ({ lookups }): Look[] => {
      const servers = [...new Set(lookups.map(({ server }) => server))];
      const dead = servers.filter((server) =>
        lookups.every((lookup) => lookup.server !== server || !lookup.ok),
      );
      if (dead.length === servers.length) return [];
      return dead.map((server) => ({
        text: `${server}: ${lookups.find((lookup) => lookup.server === server)?.detail ?? ''}`,
        at: 'lookups',
        key: server,
      }));
    });
    return findingPerKey(grouped(seen), (server, group) => ({
      title: `The name server ${server} does not answer ${where(group)}`,
      cause: 'The server is down, or a firewall drops the questions; the others answer.',
      fix: step(
        'host.resolvers',
        `take it out of /etc/resolv.conf, or find out why: dig @${server} +time=2 debian.org`,
      ),
    }));
  },
});
