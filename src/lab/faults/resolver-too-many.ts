import { defineFault } from './fault.js';

export const resolverTooMany = defineFault({
  id: 'resolver-too-many',
  place: 'host',
  title: 'resolv.conf has more servers and search domains than pods can take',
  simulates: 'Kubernetes passes three servers on and warns for every pod; the rest is silently cut.',
  codes: ['resolver-too-many'],
  targets: 'agent',
  inject: (target) => `
save /etc/resolv.conf
cat >>/etc/resolv.conf <<'LINES'
nameserver ${target.plan.gateway}
nameserver ${target.plan.resolvers[0] ?? target.plan.gateway}
search a.example b.example c.example d.example e.example f.example g.example h.example
LINES
`,
  heal: () => 'restore /etc/resolv.conf',
  check: () => 'grep -q h.example /etc/resolv.conf',
});
