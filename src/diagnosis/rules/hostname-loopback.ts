import { observe } from '../access.js';
import { findingIf, step, where } from '../compose.js';
import { defineRule } from '../rule.js';

export const hostnameLoopback = defineRule({
  code: 'hostname-loopback',
  title: "A host's own name resolves to a loopback address",
  severity: 'info',
  reads: ['identity'],
  explain: `Debian's installer writes \`127.0.1.1 NAME\` into \`/etc/hosts\`. K3s takes its node address from the routes and does not care; programs that bind to
or announce their own name (some databases, older kubeadm set-ups, JVM services in hostNetwork) then announce an address that nobody else can
reach.`,
  check: (context) => {
    const seen = observe(context, 'identity', ({ hostnameResolvesTo: addresses, hostname }) =>
      addresses.length > 0 && addresses.every((address) => address.startsWith('127.') || address === '::1')
        ? { text: `${hostname} → ${addresses.join(', ')}`, at: 'hostnameResolvesTo' }
        : undefined,
    );
    return findingIf(seen, () => ({
      title: `The name of ${where(seen)} resolves to loopback on the host itself`,
      cause: '/etc/hosts maps the name to 127.0.1.1, as the installer of Debian writes it.',
      fix: step(
        'host.hosts-file',
        'put the address of the node network there: sed -i "s/^127.0.1.1.*/ADDRESS NAME/" /etc/hosts',
      ),
    }));
  },
});
