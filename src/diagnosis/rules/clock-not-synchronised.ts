import { observe, ownsKernel } from '../access.js';
import { findingIf, step, where } from '../compose.js';
import { defineRule } from '../rule.js';

export const clockNotSynchronised = defineRule({
  code: 'clock-not-synchronised',
  title: 'A clock is not kept right',
  severity: 'warning',
  reads: ['clock', 'os'],
  explain: `No time service keeps the clock, or it has no contact to its source. Clocks of virtual machines drift by seconds per day and jump after a pause of the hypervisor.
Containers have no clock of their own and are left out.`,
  causes: ['clock-skew'],
  check: (context) => {
    const seen = observe(context, 'clock', ({ synchronized, services }, host) =>
      synchronized === false && ownsKernel(host)
        ? { text: `not synchronised; services: ${services.join(', ') || 'none'}`, at: 'synchronized' }
        : undefined,
    );
    return findingIf(seen, () => ({
      title: `The clock of ${where(seen)} is not kept by a time service`,
      cause: 'No time service runs, or its servers cannot be reached (UDP 123).',
      fix: step(
        'host.time',
        'apt-get install systemd-timesyncd && timedatectl set-ntp true; check with timedatectl timesync-status',
      ),
    }));
  },
});
