import { findingIf, manual, where } from '../compose.js';
import { k3sInstalls } from '../k3s.js';
import { defineRule } from '../rule.js';

export const tokensDiffer = defineRule({
  code: 'tokens-differ',
  title: 'Hosts have different join tokens',
  severity: 'error',
  reads: ['kubernetes'],
  explain: `Tokens never leave the hosts: Drover compares them by a salted HMAC. Different ones mean that a server cannot read the bootstrap data of the cluster, or an agent cannot join ("token CA hash does not match", "not authorized"). The short and the
long form (K10…) of one token also differ; so hosts that all run are not reported.`,
  source: 'https://docs.k3s.io/cli/token',
  causes: ['install-failing'],
  check: (context) => {
    const all = k3sInstalls(context);
    const withToken = all.flatMap(({ host, install }) => {
      const key =
        install.role === 'agent' && install.settings['agent-token'] !== undefined ? 'agent-token' : 'token';
      const value = install.settings[key]?.value;
      const origin = install.settings[key]?.origin ?? '';
      return value === undefined
        ? []
        : [
            {
              host,
              fact: `hosts.${host}.kubernetes.installs.k3s.settings.${key}`,
              text: `${key} from ${origin} is ${[value].flat().join('')}`,
              key: [value].flat().join(''),
            },
          ];
    });
    const running = all.every(({ install }) => install.active === 'active');
    if (running || new Set(withToken.map(({ key }) => key)).size < 2) return [];
    return findingIf(withToken, () => ({
      title: `The join token is not the same on ${where(withToken)}`,
      cause: 'A host was configured for another cluster, or the token was rotated on some hosts only.',
      fix: manual(
        'write the token of the first server (/var/lib/rancher/k3s/server/token) on all hosts, then restart k3s',
      ),
    }));
  },
});
