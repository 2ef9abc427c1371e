import type { CollectorValue } from '../facts/model/host-facts.js';
import { members, valueOf } from './access.js';
import type { RuleContext } from './rule.js';

type Install = CollectorValue<'kubernetes'>['installs'][number];

export interface HostInstall {
  readonly host: string;
  readonly install: Install;
}

/** K3s installations of one role, or of both. */
export const k3sInstalls = (context: RuleContext, role?: 'server' | 'agent'): HostInstall[] =>
  members(context).flatMap((host) =>
    (valueOf(host, 'kubernetes')?.installs ?? [])
      .filter((install) => install.kind === 'k3s' && (role === undefined || install.role === role))
      .map((install) => ({ host: host.name, install })),
  );

/** K3s that shall run and was stopped: its unit starts it again for ever as long as nobody stops it. */
export const standsStill = ({ kind, enabled, active }: HostInstall['install']): boolean =>
  kind === 'k3s' && enabled === 'enabled' && (active === 'inactive' || active === 'failed');

/** Defaults of K3s for values that must be equal on all servers (K3s documentation, server CLI). */
const DEFAULTS: Readonly<Record<string, string>> = {
  'cluster-cidr': '10.42.0.0/16',
  'service-cidr': '10.43.0.0/16',
  'cluster-dns': '10.43.0.10',
  'cluster-domain': 'cluster.local',
  'flannel-backend': 'vxlan',
  'egress-selector-mode': 'agent',
};

/** A setting as K3s uses it: one text, lists sorted, the default when it is not set. */
export const settingOf = ({ install }: HostInstall, key: string): string => {
  const value = install.settings[key]?.value;
  const texts = [value ?? DEFAULTS[key] ?? 'false'].flat().flatMap((text) => text.split(','));
  return texts
    .map((text) => text.trim())
    .sort()
    .join(',');
};

/** Keys that K3s compares between servers at start ("critical configuration value mismatch"). */
export const CRITICAL_KEYS = [
  'cluster-cidr',
  'cluster-dns',
  'cluster-domain',
  'disable-cloud-controller',
  'disable-helm-controller',
  'disable-network-policy',
  'egress-selector-mode',
  'embedded-registry',
  'flannel-backend',
  'flannel-external-ip',
  'flannel-ipv6-masq',
  'secrets-encryption',
  'secrets-encryption-provider',
  'service-cidr',
] as const;
