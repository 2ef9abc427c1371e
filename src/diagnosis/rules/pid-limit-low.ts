import { observe } from '../access.js';
import { does, findingIf, step } from '../compose.js';
import { defineRule } from '../rule.js';

export const pidLimitLow = defineRule({
  code: 'pid-limit-low',
  title: 'Few processes are allowed',
  severity: 'warning',
  reads: ['limits'],
  explain: `A node runs up to 110 pods by default, and each thread of each container takes a process number. With few of them, forks fail with "Resource temporarily unavailable".`,
  check: (context) => {
    const seen = observe(context, 'limits', ({ pidMax, threadsMax }) =>
      pidMax < 16384 || threadsMax < 4096
        ? `kernel.pid_max ${pidMax}, kernel.threads-max ${threadsMax}`
        : undefined,
    );
    return findingIf(seen, () => ({
      title: `${does(seen, 'allows')} too few processes`,
      cause: 'The limit was lowered, or the machine has very little memory.',
      fix: step('host.sysctls', 'sysctl -w kernel.pid_max=4194304, and keep it in /etc/sysctl.d'),
    }));
  },
});
