import { observe } from '../access.js';
import { does, findingIf, manual } from '../compose.js';
import { defineRule } from '../rule.js';

export const initNotSystemd = defineRule({
  code: 'init-not-systemd',
  title: 'PID 1 is not systemd',
  severity: 'error',
  reads: ['os'],
  explain: `Drover changes hosts through transient systemd units, so that a lost connection neither kills nor doubles a change, and K3s' unit
expects systemd as well. A container without an init, or a distribution with another one, cannot be managed.`,
  source: 'https://docs.k3s.io/installation/requirements',
  check: (context) => {
    const seen = observe(context, 'os', ({ init }) =>
      init === 'systemd' || init === '' ? undefined : { text: `PID 1 is ${init}`, at: 'init' },
    );
    return findingIf(seen, () => ({
      title: `${does(seen, 'does')} not run systemd`,
      cause: 'The machine was started with another init system, or is a container without any.',
      fix: manual(
        'use an installation whose PID 1 is systemd (Debian, Ubuntu, RHEL and kin do so by default)',
      ),
    }));
  },
});
