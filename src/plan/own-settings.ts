import type { HostFacts } from '../facts/model/host-facts.js';
import type { K3sSettings } from '../steps/k3s/settings.js';
import { DROP_IN } from '../steps/k3s/settings.js';

type OwnFact = NonNullable<
  NonNullable<NonNullable<HostFacts['sections']['kubernetes']>['value']>['own']
>[number];

/** Something that the user has set for K3s on a host, and which value counts once Drover has written its own file. */
export type OwnSetting = {
  readonly key: string;
  /** `/etc/rancher/k3s/config.yaml:3`, `unit`, or the environment file. */
  readonly origin: string;
  readonly wins: 'own' | 'drover' | 'both';
};

export interface OwnConflict {
  readonly key: string;
  readonly origin: string;
  readonly why: string;
}

/** Where the cluster is and who belongs to it: only the spec may say so. */
const SPEC_ALONE = ['cluster-init', 'server', 'token', 'agent-token', 'datastore-endpoint', 'data-dir'];

/** Values on which Drover builds: another one breaks the cluster, or makes Drover look in the wrong place. */
const NEEDED = [
  ...SPEC_ALONE,
  'token-file',
  'agent-token-file',
  'node-name',
  'node-ip',
  'cluster-cidr',
  'service-cidr',
  'cluster-dns',
  'cluster-domain',
  'flannel-backend',
  'disable-network-policy',
  'disable-kube-proxy',
  'disable',
  'https-listen-port',
  'tls-san',
];

const baseOf = (key: string): string => key.replace(/\+$/, '');

/** K3s reads files in the order of their names, the last wins, arguments beat files, files beat the environment. */
const winsOf = ({ key, origin, from }: OwnFact, settings: K3sSettings): OwnSetting['wins'] => {
  const drover = settings[baseOf(key)] !== undefined;
  if (!drover || from === 'unit') return 'own';
  if (from === 'environment') return 'drover';
  const path = origin.replace(/:\d+$/, '');
  const isLater = path.startsWith('/etc/rancher/k3s/config.yaml.d/') && path > DROP_IN;
  if (!isLater) return 'drover';
  return key.endsWith('+') ? 'both' : 'own';
};

const words = (value: K3sSettings[string] | undefined): string =>
  value === undefined ? '' : [value].flat().map(String).sort().join(',');

const conflictOf = (own: OwnFact, settings: K3sSettings): OwnConflict | undefined => {
  const { key, origin, from, value } = own;
  const base = baseOf(key);
  const same = settings[base] !== undefined && words(settings[base]) === words(value);
  if (same || winsOf(own, settings) === 'drover') return undefined;
  if (from === 'unit')
    return { key, origin, why: 'Drover writes the unit without arguments, so this one would be lost' };
  if (winsOf(own, settings) === 'both' || !NEEDED.includes(base)) return undefined;
  if (settings[base] !== undefined)
    return { key, origin, why: `it would win over Drover’s ${words(settings[base])}` };
  return SPEC_ALONE.includes(base) ? { key, origin, why: 'only the spec may say so' } : undefined;
};

/** The user's own settings of one host, judged by the settings that Drover will write there. Pure. */
export const ownSettings = (
  facts: HostFacts | undefined,
  settings: K3sSettings,
): { readonly own: readonly OwnSetting[]; readonly conflicts: readonly OwnConflict[] } => {
  const found = facts?.sections.kubernetes?.value?.own ?? [];
  return {
    own: found.map((each) => ({ key: each.key, origin: each.origin, wins: winsOf(each, settings) })),
    conflicts: found.flatMap((each) => conflictOf(each, settings) ?? []),
  };
};
