import { defineFault } from './fault.js';

export const resolverOneDead = defineFault({
  id: 'resolver-one-dead',
  place: 'host',
  title: 'The first of two name servers is dead',
  simulates: 'Every lookup takes seconds, then works: slow image pulls, time-outs nobody can explain.',
  codes: ['resolver-server-dead'],
  targets: 'agent',
  inject: (target) => `
save /etc/resolv.conf
printf 'nameserver 192.0.2.53\nnameserver ${target.plan.resolvers[0] ?? target.plan.gateway}\n' >/etc/resolv.conf
`,
  heal: () => 'restore /etc/resolv.conf',
  check: () => 'grep -q 192.0.2.53 /etc/resolv.conf',
});
