import { observe } from '../access.js';
import { findingIf, manual, where } from '../compose.js';
import { defineRule } from '../rule.js';

export const packagesLocked = defineRule({
  code: 'packages-locked',
  title: 'The package manager is locked',
  severity: 'warning',
  reads: ['packages'],
  explain: `Another process holds the package manager's lock, on fresh machines usually cloud-init or unattended-upgrades. Installing anything now would
wait or fail. It ends by itself; do not delete the lock file.`,
  check: (context) => {
    const seen = observe(context, 'packages', ({ lockedBy, manager }) =>
      lockedBy === undefined ? undefined : { text: `${manager} is locked by ${lockedBy}`, at: 'lockedBy' },
    );
    return findingIf(seen, () => ({
      title: `The package manager is locked on ${where(seen)}`,
      cause: 'Another installation or upgrade is running.',
      fix: manual(
        'wait for it: cloud-init status --wait; systemctl status apt-daily-upgrade unattended-upgrades',
      ),
    }));
  },
});
