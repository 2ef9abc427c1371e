import { printable } from '../../core/text.js';
import { type Look, observe } from '../access.js';
import { findingIf, manual, where } from '../compose.js';
import { k3sInstalls, standsStill } from '../k3s.js';
import { defineRule } from '../rule.js';

export const installFailing = defineRule({
  code: 'install-failing',
  title: 'An installed Kubernetes does not run',
  severity: 'error',
  reads: ['kubernetes'],
  explain: `The unit keeps restarting, or should run (it is enabled) and does not. The last lines of its journal are in the evidence. Common: values that differ from the other servers, a wrong token, a port that is taken, a clock that is off,
a disk that is full; when Drover sees one of these it stands above this finding. A K3s server that keeps starting while others stand still only waits for them, so that is not meant here.`,
  check: (context) => {
    const waits = k3sInstalls(context, 'server').some(({ install }) => standsStill(install));
    const seen = observe(context, 'kubernetes', ({ installs }): Look[] =>
      installs
        .filter((install) => {
          const { kind, role, active, enabled } = install;
          if (standsStill(install)) return false;
          if (active === 'activating') return !(waits && kind === 'k3s' && role === 'server');
          return active === 'failed' || (enabled === 'enabled' && active !== 'active');
        })
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
