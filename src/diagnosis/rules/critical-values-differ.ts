import { grouped, type Observation } from '../access.js';
import { findingPerKey, step, where } from '../compose.js';
import { CRITICAL_KEYS, type HostInstall, k3sInstalls, settingOf } from '../k3s.js';
import { defineRule } from '../rule.js';

const servicelb = ({ install }: HostInstall): string =>
  [install.settings['disable']?.value ?? []].flat().some((text) => text.split(',').includes('servicelb'))
    ? 'disabled'
    : 'enabled';

const differing = (
  servers: readonly HostInstall[],
  key: string,
  read: (server: HostInstall) => string,
): Observation[] => {
  const values = servers.map((server) => ({ server, value: read(server) }));
  if (new Set(values.map(({ value }) => value)).size < 2) return [];
  return values.map(({ server, value }) => ({
    host: server.host,
    fact: `hosts.${server.host}.kubernetes.installs.k3s.settings.${key}`,
    text: `${key}: ${value} (${server.install.settings[key]?.origin ?? 'default'})`,
    key,
  }));
};

export const criticalValuesDiffer = defineRule({
  code: 'critical-values-differ',
  title: 'Servers are configured differently where they must agree',
  severity: 'error',
  reads: ['kubernetes'],
  explain: `K3s compares some values between servers when one starts and stops with "critical configuration value mismatch between servers". It shows at the next restart only, often months after the change. Write the same drop-in on all
servers, then restart them one by one.`,
  source: 'https://docs.k3s.io/cli/server#critical-configuration-values',
  causes: ['install-failing'],
  check: (context) => {
    const servers = k3sInstalls(context, 'server');
    const seen = [
      ...CRITICAL_KEYS.flatMap((key) => differing(servers, key, (server) => settingOf(server, key))),
      ...differing(servers, 'disable', servicelb),
    ];
    return findingPerKey(grouped(seen), (key, group) => ({
      title: `${key === 'disable' ? 'disable: servicelb' : key} differs between the servers ${where(group)}`,
      cause: 'The value was changed on some servers only, or comes from the unit on one of them.',
      fix: step(
        'k3s.config',
        `write the same ${key} on all servers: /etc/rancher/k3s/config.yaml.d/90-cluster.yaml; then restart k3s one by one`,
      ),
    }));
  },
});
