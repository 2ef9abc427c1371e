import { observe } from '../access.js';
import { findingIf, step, where } from '../compose.js';
import { defineRule } from '../rule.js';

export const swapAtBoot = defineRule({
  code: 'swap-at-boot',
  title: 'Swap comes back at the next start',
  severity: 'warning',
  reads: ['swap'],
  explain: `\`swapoff -a\` lasts until the next start: \`/etc/fstab\` still lists swap, so kubelet will find it after a reboot and, under kubeadm, refuse to start.`,
  check: (context) => {
    const seen = observe(context, 'swap', ({ fstab }) =>
      fstab.length > 0 ? { text: fstab.join(' · '), at: 'fstab' } : undefined,
    );
    return findingIf(seen, () => ({
      title: `/etc/fstab on ${where(seen)} switches swap on at the next start`,
      cause: 'The line was left when swap was switched off.',
      fix: step('host.swap', "sed -i.bak '/\\sswap\\s/s/^/#/' /etc/fstab"),
    }));
  },
});
