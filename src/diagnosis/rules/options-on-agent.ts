import { type Look, observe } from '../access.js';
import { findingIf, step, where } from '../compose.js';
import { defineRule } from '../rule.js';

const SERVER_ONLY = [
  'flannel-backend',
  'disable-network-policy',
  'disable-kube-proxy',
  'cluster-cidr',
  'service-cidr',
  'disable',
  'cluster-init',
  'tls-san',
];

export const optionsOnAgent = defineRule({
  code: 'options-on-agent',
  title: 'Server options stand on an agent, where they do nothing',
  severity: 'warning',
  reads: ['kubernetes'],
  explain: `Options such as \`flannel-backend\` belong to servers; agents take them from there and ignore their own with a line in the journal. Somebody who changed them here believes that the change is made.`,
  source: 'https://docs.k3s.io/cli/server',
  check: (context) => {
    const seen = observe(context, 'kubernetes', ({ installs }): Look[] =>
      installs
        .filter(({ kind, role }) => kind === 'k3s' && role === 'agent')
        .flatMap(({ settings }) => {
          const keys = SERVER_ONLY.filter((key) => settings[key] !== undefined);
          return keys.length === 0
            ? []
            : [{ text: `ignored on agents: ${keys.join(', ')}`, at: 'installs.k3s.settings' }];
        }),
    );
    return findingIf(seen, () => ({
      title: `Agents have options that count on servers only: ${where(seen)}`,
      cause: 'A configuration file of a server was copied to an agent.',
      fix: step(
        'k3s.config',
        'remove the keys from /etc/rancher/k3s/config.yaml on agents and set them on all servers',
      ),
    }));
  },
});
