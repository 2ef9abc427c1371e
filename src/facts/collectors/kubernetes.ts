import { X509Certificate } from 'node:crypto';
import { defineCollector } from '../collector.js';
import type { CollectorValue } from '../model/host-facts.js';
import { assignments, type Block, blockList, linesOf } from './blocks.js';
import {
  type Merged,
  mergeSettings,
  type OwnSetting,
  ownSettings,
  type SettingSources,
} from './k3s-settings.js';
import { DIRECTORIES, KUBERNETES_SCRIPT } from './kubernetes-script.js';
import { parseUnits } from './systemctl-show.js';
import { execStart, flagsOf, splitWords } from './unit-arguments.js';
import { yamlItems } from './yaml-items.js';

type Kubernetes = CollectorValue<'kubernetes'>;
type Install = Kubernetes['installs'][number];

const DAY_MS = 86_400_000;

interface Output {
  readonly blocks: readonly Block[];
  /** Blocks whose name begins with a word, with the rest of the name split. */
  readonly of: (word: string) => readonly { readonly names: readonly string[]; readonly text: string }[];
}

const outputOf = (stdout: string): Output => {
  const blocks = blockList(stdout);
  return {
    blocks,
    of: (word) =>
      blocks
        .filter(({ name }) => name === word || name.startsWith(`${word} `))
        .map(({ name, text }) => ({ names: name.split(' ').slice(1), text })),
  };
};

const kindOf = (unit: string): Install['kind'] => {
  if (unit.startsWith('rke2')) return 'rke2';
  if (unit.startsWith('k0s')) return 'k0s';
  if (unit.includes('microk8s')) return 'microk8s';
  return unit === 'kubelet' ? 'kubeadm' : 'k3s';
};

const DATA: Readonly<Record<Install['kind'], string>> = {
  k3s: '/var/lib/rancher/k3s',
  rke2: '/var/lib/rancher/rke2',
  kubeadm: '/etc/kubernetes',
  k0s: '/var/lib/k0s',
  microk8s: '/var/snap/microk8s/current',
};

const VERSION_OF: Readonly<Record<Install['kind'], string>> = {
  k3s: 'k3s',
  rke2: 'rke2',
  kubeadm: 'kubelet',
  k0s: 'k0s',
  microk8s: 'microk8s',
};

const roleOf = (kind: Install['kind'], words: readonly string[], output: Output): Install['role'] => {
  if (kind === 'kubeadm') {
    if (output.of('manifest').some(({ names }) => names[0] === 'kube-apiserver')) return 'server';
    return output.of('kubelet').length > 0 ? 'agent' : 'unknown';
  }
  if (words.some((word) => word === 'server' || word === 'controller')) return 'server';
  return words.some((word) => word === 'agent' || word === 'worker') ? 'agent' : 'unknown';
};

/** kubeadm's configuration: what the kubelet reads, and the flags of the static control plane. */
const kubeadmSettings = (output: Output): Merged => {
  const settings: Install['settings'] = {};
  for (const { names, text } of output.of('kubelet'))
    for (const { key, value, line } of yamlItems(text).items)
      settings[`kubelet.${key}`] = {
        value: typeof value === 'string' ? value : [...value],
        origin: `${names[0] ?? ''}:${line}`,
      };
  for (const { names, text } of output.of('manifest'))
    for (const [key, value] of flagsOf(linesOf(text).map((line) => line.replace(/^- +/, ''))))
      settings[`${names[0] ?? ''}.${key}`] = { value, origin: names[1] ?? '' };
  return { settings, duplicates: [], errors: [] };
};

const rancherSources = (
  kind: Install['kind'],
  unit: string,
  command: readonly string[],
  output: Output,
): SettingSources => {
  const files = output
    .of('config')
    .map(({ names, text }) => ({ path: names.join(' '), text }))
    .filter(({ path }) => !path.startsWith('/etc/rancher/') || path.startsWith(`/etc/rancher/${kind}/`));
  const environment = output
    .of('env')
    .filter(({ names }) => names[0] === unit)
    .flatMap(({ names, text }) =>
      [...assignments(text)].map(([name, value]) => [name, value, names[1] ?? ''] as const),
    );
  return { environment, files, flags: flagsOf(command.slice(1)) };
};

/** The file that Drover writes; all others are the user's. */
const DROVERS = '/etc/rancher/k3s/config.yaml.d/50-drover.yaml';

/** What others than Drover have set for K3s, on hosts without K3s as well. */
const ownOf = (output: Output): OwnSetting[] => {
  const units = output.of('unit').filter(({ names }) => ['k3s', 'k3s-agent'].includes(names[0] ?? ''));
  const files = rancherSources('k3s', '', [], output).files;
  return [
    ...ownSettings({ environment: [], files, flags: [] }, DROVERS),
    ...units.flatMap(({ names, text }) => {
      const { environment, flags } = rancherSources(
        'k3s',
        names[0] ?? '',
        splitWords(execStart(text)),
        output,
      );
      return ownSettings({ environment, files: [], flags }, DROVERS);
    }),
  ];
};

const datastoreOf = (
  install: Pick<Install, 'role' | 'dataDir' | 'settings'>,
  output: Output,
): Install['datastore'] => {
  if (install.role === 'agent') return 'none';
  if (install.settings['datastore-endpoint'] !== undefined) return 'external';
  const store = output.of('store').find(({ names }) => names[1] === install.dataDir)?.names[0];
  if (store === 'etcd' || store === 'sqlite') return store;
  return 'unknown';
};

const single = (value: string | string[] | undefined): string | undefined =>
  typeof value === 'string' ? value : value?.at(-1);

const settingsOf = (
  kind: Install['kind'],
  unit: string,
  command: readonly string[],
  output: Output,
): Merged =>
  kind === 'k3s' || kind === 'rke2'
    ? mergeSettings(rancherSources(kind, unit, command, output))
    : kubeadmSettings(output);

/** Text of the block `WORD NAME`. */
const textFor = (output: Output, word: string, name: string): string =>
  output.of(word).find(({ names }) => names[0] === name)?.text ?? '';

const stateOf = (output: Output, unit: string): Pick<Install, 'unit' | 'active' | 'enabled'> => {
  const id = `${unit}.service`;
  const state = parseUnits(output.of('states')[0]?.text ?? '').find((one) => one.id === id);
  return { unit: id, active: state?.active ?? 'unknown', enabled: state?.enabled ?? 'unknown' };
};

const filesOf = (kind: Install['kind'], output: Output): string[] =>
  [...output.of('config'), ...output.of('file')]
    .map(({ names }) => names.join(' '))
    .filter((path) => path.includes(`/${kind}/`));

const installOf = (unit: string, text: string, output: Output): Install => {
  const kind = kindOf(unit);
  const command = splitWords(execStart(text));
  const { settings, duplicates, errors } = settingsOf(kind, unit, command, output);
  const version = /v\d+\.\d+\.\d+\S*/.exec(textFor(output, 'version', VERSION_OF[kind]))?.[0];
  const role = roleOf(kind, command, output);
  const dataDir = single(settings['data-dir']?.value) ?? DATA[kind];
  return {
    kind,
    role,
    ...(version === undefined ? {} : { version }),
    ...stateOf(output, unit),
    dataDir,
    datastore: datastoreOf({ role, dataDir, settings }, output),
    settings,
    duplicates,
    files: filesOf(kind, output),
    errors: [...errors, ...linesOf(textFor(output, 'errors', unit))],
  };
};

const certificateOf = (path: string, pem: string, now: number): Kubernetes['certificates'] => {
  try {
    const notAfter = new Date(new X509Certificate(pem).validTo);
    const daysLeft = Math.floor((notAfter.getTime() - now) / DAY_MS);
    return [{ path, notAfter: notAfter.toISOString(), daysLeft }];
  } catch {
    return [];
  }
};

/** Directories that belong to no installed distribution. */
const remainsOf = (installs: readonly Install[], output: Output): string[] => {
  const kinds = new Set(installs.map(({ kind }) => kind));
  const owner = (path: string): Install['kind'] => {
    if (path.includes('rke2')) return 'rke2';
    if (path.includes('rancher')) return 'k3s';
    if (path.includes('k0s')) return 'k0s';
    return path.includes('microk8s') ? 'microk8s' : 'kubeadm';
  };
  const rancher = kinds.has('k3s') || kinds.has('rke2');
  return DIRECTORIES.filter((path) => {
    if (!output.of('directory').some(({ names }) => names[0] === path)) return false;
    if (path === '/etc/rancher/node') return !rancher;
    // RKE2, K3s and others keep the kubelet's folder too.
    if (path === '/var/lib/kubelet') return installs.length === 0;
    return !kinds.has(owner(path));
  });
};

export const kubernetes = defineCollector({
  id: 'kubernetes',
  title: 'Installed Kubernetes',
  volatile: false,
  needsRoot: true,
  script: KUBERNETES_SCRIPT,
  parse: ({ stdout, receivedAt }) => {
    const output = outputOf(stdout);
    const own = ownOf(output);
    const installs = output
      .of('unit')
      .filter(({ text }) => execStart(text) !== '')
      .map(({ names, text }) => installOf(names[0] ?? '', text, output));
    return {
      value: {
        installs,
        certificates: output
          .of('certificate')
          .flatMap(({ names, text }) => certificateOf(names[0] ?? '', text, receivedAt)),
        remains: remainsOf(installs, output),
        ...(own.length === 0 ? {} : { own }),
      },
    };
  },
});
