import { digest } from '../../../core/canonical.js';
import type { KubeObject } from '../../../core/ports/kube.js';
import type { NetworkRecipe, RecipeInput, Works } from '../recipe.js';
import { networkAnnotations } from './network-annotations.js';

/** Flannel’s own installer writes it, where no runtime reads while another network is in use. */
const STAGING = '/var/lib/drover/cni/flannel';
/** Before those of other networks, from which nodes may move to it. */
const CONF_NAME = '00-flannel.conflist';
const NAMESPACE = 'kube-flannel';
const AGENTS = 'kube-flannel-ds';

/** What starts the agents anew: they read their settings only then. */
const SETTINGS_ANNOTATION = 'drover.dev/settings';

const confDirOf = ({ beside, confDir }: RecipeInput): string => (beside ? STAGING : confDir);

/** The device that K3s’ Flannel has, so that one may take over from the other. */
const VNI = 1;

const backendOf = ({ mode, port }: RecipeInput): Readonly<Record<string, string | number>> => {
  const udp = port ?? 0;
  switch (mode) {
    case 'host-gw':
      return { Type: 'host-gw' };
    case 'wireguard':
      return { Type: 'wireguard', ListenPort: udp };
    default:
      return { Type: 'vxlan', VNI, Port: udp };
  }
};

/** Ranges of nodes come from Kubernetes; everything else of the pods is reached through the network, too. */
const netConf = (input: RecipeInput): string =>
  JSON.stringify({ Network: input.pods, EnableNFTables: false, Backend: backendOf(input) }, null, 2);

type Members = Readonly<Record<string, unknown>>;
interface Volume extends Members {
  readonly name: string;
}
interface Container extends Members {
  readonly name: string;
  readonly args?: readonly string[];
  readonly env?: readonly Members[];
}
interface DaemonSet extends KubeObject {
  readonly spec: Members & {
    readonly template: {
      readonly metadata: Members;
      readonly spec: Members & {
        readonly containers: readonly Container[];
        readonly initContainers: readonly Container[];
        readonly volumes: readonly Volume[];
      };
    };
  };
}

/** The API is found without kube-proxy, and the interface is the one of the nodes, not that of the default route. */
const agent = (container: Container, { api, interfaces = [] }: RecipeInput): Container => ({
  ...container,
  args: [...(container.args ?? []), ...interfaces.map((name) => `--iface=${name}`)],
  env: [
    ...(container.env ?? []),
    { name: 'KUBERNETES_SERVICE_HOST', value: api.host },
    { name: 'KUBERNETES_SERVICE_PORT', value: `${api.port}` },
  ],
});

/** The name under which its project’s manifest puts the configuration, as the last word of a copy. */
const PUBLISHED = '/etc/cni/net.d/10-flannel.conflist';

const installer = (container: Container): Container => ({
  ...container,
  args: (container.args ?? []).map((word) => (word === PUBLISHED ? `/etc/cni/net.d/${CONF_NAME}` : word)),
});

const volume = (each: Volume, input: RecipeInput): Volume => {
  const folders: Readonly<Record<string, string>> = { cni: confDirOf(input), 'cni-plugin': input.binDir };
  const path = folders[each.name];
  return path === undefined ? each : { ...each, hostPath: { path, type: 'DirectoryOrCreate' } };
};

const agents = (object: KubeObject, input: RecipeInput): KubeObject => {
  const { spec, metadata, ...rest } = object as DaemonSet;
  const { template } = spec;
  const pods = template.spec;
  return {
    ...rest,
    metadata: { ...metadata, annotations: { ...metadata.annotations, ...networkAnnotations(input) } },
    spec: {
      ...spec,
      template: {
        ...template,
        metadata: { ...template.metadata, annotations: { [SETTINGS_ANNOTATION]: digest(netConf(input)) } },
        spec: {
          ...pods,
          tolerations: [{ operator: 'Exists' }],
          initContainers: pods.initContainers.map(installer),
          containers: pods.containers.map((each) => agent(each, input)),
          volumes: pods.volumes.map((each) => volume(each, input)),
        },
      },
    },
  };
};

const transformed = (object: KubeObject, input: RecipeInput): KubeObject => {
  const { kind, metadata } = object;
  if (kind === 'DaemonSet' && metadata.name === AGENTS) return agents(object, input);
  if (kind !== 'ConfigMap' || metadata.name !== 'kube-flannel-cfg') return object;
  const data = object['data'] as Readonly<Record<string, string>>;
  return { ...object, data: { ...data, 'net-conf.json': netConf(input) } };
};

const WORKS: Readonly<Partial<Record<RecipeInput['mode'], Works>>> = {
  vxlan: { device: 'flannel.1', routes: { over: 'flannel.1' } },
  // Its device has no address of its own kind in older versions: routes alone decide.
  wireguard: { routes: { over: 'flannel-wg' } },
  'host-gw': { routes: {} },
};

/** Flannel by its project’s manifest: ranges, device and port are those of K3s’ own, and K3s may run without it. */
export const flannelDaemonSetRecipe: NetworkRecipe = {
  driver: 'flannel-daemonset',
  upstream: ({ version }) => ({
    kind: 'manifest',
    name: 'flannel',
    version: `v${version.replace(/^v/, '')}`,
  }),
  set: (input, upstream) => ({
    name: 'network/flannel',
    objects: upstream.map((object) => transformed(object, input)),
  }),
  confName: CONF_NAME,
  conflist: (input) => ({
    kind: 'staged',
    path: `${confDirOf(input)}/${CONF_NAME}`,
    calls: ['bridge', 'host-local', 'portmap'],
  }),
  agents: [`${NAMESPACE}/${AGENTS}`],
  plugins: ['flannel'],
  works: ({ mode }) => WORKS[mode] ?? {},
};
