import { type Look, observe } from '../access.js';
import { findingIf, step, where } from '../compose.js';
import { standsStill } from '../k3s.js';
import { defineRule } from '../rule.js';

export const installStopped = defineRule({
  code: 'install-stopped',
  title: 'An installed Kubernetes stands still',
  severity: 'warning',
  reads: ['kubernetes'],
  explain: `The unit is enabled but somebody has stopped it, or it has not come up since the host was started. Its state may be “failed”: K3s often ends with an error when it is stopped, and one that fails by itself is started again at once. \`drover apply\` starts it again. Where so many servers stand still that etcd has no quorum, none of them becomes ready alone:
the plan then starts all of them at once.`,
  check: (context) => {
    const seen = observe(context, 'kubernetes', ({ installs }): Look[] =>
      installs
        .filter(standsStill)
        .map(({ unit, kind, active }) => ({ text: `${unit ?? kind} is ${active}`, at: `installs.${kind}` })),
    );
    return findingIf(seen, () => ({
      title: `Kubernetes is installed on ${where(seen)} but stands still`,
      cause: 'The service was stopped.',
      fix: step('k3s.server', 'systemctl start k3s (agents: k3s-agent); servers without quorum all at once'),
    }));
  },
});
