import { type Look, observe } from '../access.js';
import { findingIf, step, where } from '../compose.js';
import { defineRule } from '../rule.js';

export const installStopped = defineRule({
  code: 'install-stopped',
  title: 'An installed Kubernetes stands still',
  severity: 'warning',
  reads: ['kubernetes'],
  explain: `The unit is enabled but somebody has stopped it, or it has not come up since the host was started; it did not fail. \`drover apply\` starts it again. Where so many servers stand still that etcd has no quorum, none of them becomes ready alone:
the plan then starts all of them at once.`,
  check: (context) => {
    const seen = observe(context, 'kubernetes', ({ installs }): Look[] =>
      installs
        .filter(
          ({ kind, active, enabled }) => kind === 'k3s' && enabled === 'enabled' && active === 'inactive',
        )
        .map(({ unit, kind }) => ({ text: `${unit ?? kind} is inactive`, at: `installs.${kind}` })),
    );
    return findingIf(seen, () => ({
      title: `Kubernetes is installed on ${where(seen)} but stands still`,
      cause: 'The service was stopped and has not failed.',
      fix: step('k3s.server', 'systemctl start k3s (agents: k3s-agent); servers without quorum all at once'),
    }));
  },
});
