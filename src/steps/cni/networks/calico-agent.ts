import type { KubeObject } from '../../../core/ports/kube.js';
import type { RecipeInput } from '../recipe.js';
import { CONF_NAME } from './calico-conflist.js';
import { confDirOf, needsBird } from './calico-objects.js';
import { networkAnnotations } from './network-annotations.js';

type Members = Readonly<Record<string, unknown>>;

interface Variable extends Members {
  readonly name: string;
  readonly value?: string;
}

interface Container extends Members {
  readonly name: string;
  readonly env?: readonly Variable[];
}

interface Volume extends Members {
  readonly name: string;
  readonly hostPath?: Members;
}

interface PodSpec extends Members {
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly volumes?: readonly Volume[];
}

/** Programs of the image that other networks bring too, under the same names: K3s’ own are links that must stay. */
const SHARED_PLUGINS = [
  'bandwidth',
  'bridge',
  'dhcp',
  'dummy',
  'firewall',
  'flannel',
  'host-device',
  'host-local',
  'ipvlan',
  'loopback',
  'macvlan',
  'portmap',
  'ptp',
  'sbr',
  'static',
  'tap',
  'tuning',
  'vlan',
  'vrf',
].join(',');

/** Moves addresses of an older Calico; of another network’s it knows nothing. */
const NEEDLESS_INIT = 'upgrade-ipam';

/** Interfaces by exactly these names, as Felix wants them. */
export const interfacePattern = (names: readonly string[]): string =>
  `^(${names.map((name) => name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')})$`;

const text = (value: unknown, usual: string): string => (typeof value === 'string' ? value : usual);

/**
 * What agents must be told, because they guess it differently from start to start (network.md §10): which iptables,
 * which address, which tunnel. Pools come as objects.
 */
const pins = ({
  mode,
  turn,
  port,
  iptables,
  interfaces,
  options,
}: RecipeInput): Readonly<Record<string, string>> => ({
  NO_DEFAULT_POOLS: 'true',
  IP_AUTODETECTION_METHOD: text(options?.['ipAutodetection'], 'kubernetes-internal-ip'),
  FELIX_IPTABLESBACKEND: iptables ?? 'nft',
  FELIX_NFTABLESMODE: text(options?.['nftablesMode'], 'Disabled'),
  FELIX_VXLANENABLED: `${[mode, turn?.from].includes('vxlan')}`,
  FELIX_IPINIPENABLED: `${[mode, turn?.from].includes('ipip')}`,
  ...(mode === 'vxlan' && port !== null ? { FELIX_VXLANPORT: `${port}` } : {}),
  ...(interfaces === undefined || interfaces.length === 0
    ? {}
    : { FELIX_MTUIFACEPATTERN: interfacePattern(interfaces) }),
});

/** Make a pool when there is none; with NO_DEFAULT_POOLS agents refuse to start on some of them. */
const POOL_VARIABLE = /^CALICO_IPV[46]POOL_/;

const withVariables = (container: Container, wanted: Readonly<Record<string, string>>): Container => {
  const kept = (container.env ?? []).filter(
    ({ name }) => wanted[name] === undefined && !POOL_VARIABLE.test(name),
  );
  return {
    ...container,
    env: [...kept, ...Object.entries(wanted).map(([name, value]) => ({ name, value }))],
  };
};

const installer = (container: Container, input: RecipeInput): Container =>
  withVariables(container, {
    CNI_CONF_NAME: CONF_NAME,
    CNI_NET_DIR: confDirOf(input),
    ...(input.beside ? { SKIP_CNI_BINARIES: SHARED_PLUGINS } : {}),
  });

/** Without BIRD its probes never succeed. */
const withoutBird = (probe: unknown): unknown =>
  JSON.parse(JSON.stringify(probe), (_, value: unknown) =>
    Array.isArray(value) ? value.filter((word) => word !== '-bird-live' && word !== '-bird-ready') : value,
  ) as unknown;

const agent = (container: Container, input: RecipeInput): Container => {
  const pinned = withVariables(container, pins(input));
  if (needsBird(input)) return pinned;
  const { livenessProbe, readinessProbe } = container;
  return {
    ...pinned,
    livenessProbe: withoutBird(livenessProbe),
    readinessProbe: withoutBird(readinessProbe),
  };
};

const volume = (each: Volume, input: RecipeInput): Volume => {
  const folders: Readonly<Record<string, string>> = {
    'cni-net-dir': confDirOf(input),
    'cni-bin-dir': input.binDir,
  };
  const path = folders[each.name];
  return path === undefined
    ? each
    : { ...each, hostPath: { ...each.hostPath, path, type: 'DirectoryOrCreate' } };
};

const podSpec = (spec: PodSpec, input: RecipeInput): PodSpec => ({
  ...spec,
  initContainers: (spec.initContainers ?? [])
    .filter(({ name }) => name !== NEEDLESS_INIT)
    .map((each) => (each.name === 'install-cni' ? installer(each, input) : each)),
  containers: spec.containers.map((each) => (each.name === 'calico-node' ? agent(each, input) : each)),
  volumes: (spec.volumes ?? [])
    .filter(({ name }) => name !== 'host-local-net-dir')
    .map((each) => volume(each, input)),
});

interface DaemonSet extends KubeObject {
  readonly spec: Members & { readonly template: Members & { readonly spec: PodSpec } };
}

/** The DaemonSet of Calico’s agents as this cluster needs it. */
export const calicoAgents = (upstream: KubeObject, input: RecipeInput): KubeObject => {
  const { spec, metadata, ...rest } = upstream as DaemonSet;
  return {
    ...rest,
    metadata: { ...metadata, annotations: { ...metadata.annotations, ...networkAnnotations(input) } },
    spec: { ...spec, template: { ...spec.template, spec: podSpec(spec.template.spec, input) } },
  };
};
