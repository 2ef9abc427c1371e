import { liveInstalls, observe } from '../access.js';
import { does, findingIf, step } from '../compose.js';
import { defineRule } from '../rule.js';

export const ipForwardOff = defineRule({
  code: 'ip-forward-off',
  title: 'A running node does not forward packets',
  severity: 'error',
  reads: ['sysctls', 'kubernetes'],
  explain: `With \`net.ipv4.ip_forward = 0\` no packet passes from a pod to another node. K3s switches it on at start; a file in \`/etc/sysctl.d\` or a hardening script that
runs later switches it off again. On hosts without Kubernetes this is normal and not reported.`,
  source: 'https://kubernetes.io/docs/setup/production-environment/container-runtimes/',
  check: (context) => {
    const seen = observe(context, 'sysctls', (sysctls, host) =>
      sysctls['net.ipv4.ip_forward'] === '0' && liveInstalls(host).some(({ active }) => active === 'active')
        ? { text: 'net.ipv4.ip_forward = 0 while Kubernetes runs', at: 'net.ipv4.ip_forward' }
        : undefined,
    );
    return findingIf(seen, () => ({
      title: `${does(seen, 'does')} not forward packets, so pods there are cut off`,
      cause: 'A sysctl file or a hardening script switched forwarding off after Kubernetes had started.',
      fix: step(
        'host.sysctls',
        'sysctl -w net.ipv4.ip_forward=1, and find who resets it: grep -r ip_forward /etc/sysctl.*',
      ),
    }));
  },
});
