import { grouped, observe } from '../access.js';
import { findingPerKey, step, where } from '../compose.js';
import { defineRule } from '../rule.js';

export const resolverImmutable = defineRule({
  code: 'resolver-immutable',
  title: '/etc/resolv.conf is immutable',
  severity: 'info',
  reads: ['resolver'],
  explain: `The file carries the attribute \`i\` (\`chattr +i\`): neither DHCP nor systemd-resolved nor an administrator can change it. That is harmless while its servers answer, and a trap
on the day they move: every attempt to repair it fails with "Operation not permitted". When none of the servers answers it is an error and the cause to start with.`,
  source: 'man chattr(1)',
  causes: ['resolver-none-answers', 'resolver-server-dead', 'contact-slow'],
  check: (context) => {
    if (context.cluster?.spec.preparation.resolvers?.immutable === true) return checkDead(context);
    return [...checkDead(context), ...checkAlive(context)];
  },
});

type Context = Parameters<typeof observe>[0];

const immutable = (context: Context, dead: boolean) =>
  observe(context, 'resolver', ({ immutable: fixed, lookups, nameservers }) => {
    const none = lookups.length > 0 && lookups.every(({ ok }) => !ok);
    return fixed && none === dead
      ? { text: `chattr +i, servers: ${nameservers.join(', ')}`, at: 'immutable' }
      : undefined;
  });

const checkDead = (context: Context) =>
  findingPerKey(grouped(immutable(context, true)), (_, seen) => ({
    severity: 'error',
    title: `/etc/resolv.conf on ${where(seen)} is immutable and names dead servers`,
    cause:
      'Somebody pinned the file with chattr +i; its servers no longer answer, and nothing can replace it.',
    fix: step('host.resolvers', 'chattr -i /etc/resolv.conf, then write servers that answer'),
  }));

const checkAlive = (context: Context) =>
  findingPerKey(grouped(immutable(context, false)), (_, seen) => ({
    title: `/etc/resolv.conf on ${where(seen)} is immutable`,
    cause: 'Somebody pinned the file with chattr +i; its servers answer now.',
    fix: step(
      'host.resolvers',
      'leave it, or release it before the servers move: chattr -i /etc/resolv.conf',
    ),
  }));
