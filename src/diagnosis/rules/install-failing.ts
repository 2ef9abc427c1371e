import { printable } from '../../core/text.js';
import { type Look, observe } from '../access.js';
import { findingIf, manual, where } from '../compose.js';
import { defineRule } from '../rule.js';

export const installFailing = defineRule({
  code: 'install-failing',
  title: 'An installed Kubernetes does not run',
  severity: 'error',
  reads: ['kubernetes'],
  explain: `The unit should run (it is enabled) and does not, or it keeps restarting. The last lines of its journal are in the evidence. Common: values that differ from the other servers, a wrong token, a port that is taken, a clock that is off,
a disk that is full; when Drover sees one of these it stands above this finding.`,
  check: (context) => {
    const seen = observe(context, 'kubernetes', ({ installs }): Look[] =>
      installs
        .filter(
          ({ active, enabled }) =>
            active === 'failed' || active === 'activating' || (enabled === 'enabled' && active !== 'active'),
        )
        .map(({ unit, kind, active, errors }) => ({
          text: `${unit ?? kind} is ${active}${errors.length === 0 ? '' : `: ${printable(errors.at(-1) ?? '')}`}`,
          at: `installs.${kind}`,
        })),
    );
    return findingIf(seen, () => ({
      title: `Kubernetes is installed on ${where(seen)} but does not run`,
      cause: 'The service stops or restarts; its last error is in the evidence.',
      fix: manual('read the journal: journalctl -u k3s -n 50 --no-pager (agents: -u k3s-agent)'),
    }));
  },
});
