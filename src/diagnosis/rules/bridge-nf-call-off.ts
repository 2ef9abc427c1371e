import { liveInstalls, observe } from '../access.js';
import { findingIf, step, where } from '../compose.js';
import { defineRule } from '../rule.js';

export const bridgeNfCallOff = defineRule({
  code: 'bridge-nf-call-off',
  title: 'Bridged pod traffic bypasses the firewall rules',
  severity: 'warning',
  reads: ['sysctls', 'kubernetes'],
  explain: `With \`net.bridge.bridge-nf-call-iptables = 0\` packets between two pods of one node skip the rules of Services: a pod that calls a ClusterIP answered by a
neighbour on the same node waits for ever, while the same call from another node works.`,
  source: 'https://kubernetes.io/docs/setup/production-environment/container-runtimes/',
  check: (context) => {
    const seen = observe(context, 'sysctls', (sysctls, host) =>
      sysctls['net.bridge.bridge-nf-call-iptables'] === '0' &&
      liveInstalls(host).some(({ active }) => active === 'active')
        ? {
            text: 'net.bridge.bridge-nf-call-iptables = 0 while Kubernetes runs',
            at: 'net.bridge.bridge-nf-call-iptables',
          }
        : undefined,
    );
    return findingIf(seen, () => ({
      title: `Bridged traffic on ${where(seen)} bypasses the rules of Services`,
      cause: 'A sysctl file resets what K3s sets at start.',
      fix: step(
        'host.sysctls',
        'sysctl -w net.bridge.bridge-nf-call-iptables=1, and remove the line from /etc/sysctl.d',
      ),
    }));
  },
});
