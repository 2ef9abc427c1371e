import { observe, ownsKernel } from '../access.js';
import { findingIf, step, where } from '../compose.js';
import { defineRule } from '../rule.js';

export const swapOn = defineRule({
  code: 'swap-on',
  title: 'Swap is on',
  severity: 'warning',
  reads: ['swap', 'os'],
  explain: `kubeadm and Kubespray refuse hosts with swap; K3s tolerates it. A node that swaps answers so slowly that it flaps between Ready and NotReady instead of evicting
pods, and memory limits no longer hold.`,
  source: 'https://kubernetes.io/docs/concepts/cluster-administration/swap-memory-management/',
  causes: ['swap-at-boot'],
  check: (context) => {
    const seen = observe(context, 'swap', ({ totalKiB, active }, host) =>
      totalKiB > 0 && ownsKernel(host)
        ? `${Math.round(totalKiB / 1024)} MiB of swap: ${active.map(({ device }) => device).join(', ')}`
        : undefined,
    );
    return findingIf(seen, () => ({
      title: `Swap is on at ${where(seen)}`,
      cause: 'The installation set up swap.',
      fix: step('host.swap', "swapoff -a && sed -i.bak '/\\sswap\\s/s/^/#/' /etc/fstab"),
    }));
  },
});
