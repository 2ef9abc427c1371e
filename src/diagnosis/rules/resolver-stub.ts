import { observe } from '../access.js';
import { does, findingIf, step } from '../compose.js';
import { defineRule } from '../rule.js';

export const resolverStub = defineRule({
  code: 'resolver-stub',
  title: 'The resolver is the stub of systemd-resolved',
  severity: 'info',
  reads: ['resolver'],
  explain: `\`/etc/resolv.conf\` names 127.0.0.53, which pods cannot reach. K3s and kubeadm notice and give pods \`/run/systemd/resolve/resolv.conf\`; other set-ups send CoreDNS in circles
("Loop ... detected"). Nothing to do with K3s, as long as systemd-resolved has servers upstream.`,
  source: 'https://docs.k3s.io/cli/agent',
  check: (context) => {
    const seen = observe(context, 'resolver', ({ owner, upstream }) =>
      owner === 'systemd-resolved-stub'
        ? {
            text: `stub of systemd-resolved, servers behind it: ${upstream.join(', ') || 'none'}`,
            at: 'owner',
          }
        : undefined,
    );
    return findingIf(seen, () => ({
      title: `${does(seen, 'resolves')} names through the stub of systemd-resolved`,
      cause: 'This is the default of Ubuntu; /etc/resolv.conf names 127.0.0.53.',
      fix: step(
        'host.resolvers',
        'nothing with K3s; else: kubelet --resolv-conf=/run/systemd/resolve/resolv.conf',
      ),
    }));
  },
});
