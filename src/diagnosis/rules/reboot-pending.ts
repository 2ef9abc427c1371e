import { observe } from '../access.js';
import { findingIf, manual, where } from '../compose.js';
import { defineRule } from '../rule.js';

export const rebootPending = defineRule({
  code: 'reboot-pending',
  title: 'A reboot is pending',
  severity: 'warning',
  reads: ['os'],
  explain: `A newer kernel or library is installed but not in use. Reboot before building: modules of the running kernel may have been removed from
the disk already, so that VXLAN, WireGuard or ipset can no longer be loaded, and a later surprise reboot changes the kernel under a
running cluster.`,
  check: (context) => {
    const seen = observe(context, 'os', ({ rebootPending: why }) =>
      why === undefined ? undefined : { text: why, at: 'rebootPending' },
    );
    return findingIf(seen, () => ({
      title: `A reboot is pending on ${where(seen)}`,
      cause: 'Upgrades were installed that take effect at the next start only.',
      fix: manual('reboot the hosts one by one before they join: systemctl reboot'),
    }));
  },
});
