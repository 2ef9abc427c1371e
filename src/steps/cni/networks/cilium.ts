import type { KubeObject } from '../../../core/ports/kube.js';
import type { NetworkRecipe, RecipeInput, Works } from '../recipe.js';
import { ciliumValues, withPortmap } from './cilium-values.js';
import { networkAnnotations } from './network-annotations.js';

const NAMESPACE = 'kube-system';

/** What Cilium’s agents would write themselves: Drover writes it, node by node, so that no agent has to be restarted for it. */
const conflist = (input: RecipeInput): string => {
  const plugin = {
    type: 'cilium-cni',
    'enable-debug': false,
    'log-file': '/var/run/cilium/cilium-cni.log',
  };
  const portmap = { type: 'portmap', capabilities: { portMappings: true } };
  return `${JSON.stringify(
    {
      cniVersion: '0.3.1',
      name: withPortmap(input) ? 'portmap' : 'cilium',
      plugins: withPortmap(input) ? [plugin, portmap] : [plugin],
    },
    null,
    2,
  )}\n`;
};

const isAgents = ({ kind, metadata }: KubeObject): boolean =>
  kind === 'DaemonSet' && metadata.name === 'cilium';

const withAnnotations = (object: KubeObject, input: RecipeInput): KubeObject =>
  isAgents(object)
    ? {
        ...object,
        metadata: {
          ...object.metadata,
          annotations: { ...object.metadata.annotations, ...networkAnnotations(input) },
        },
      }
    : object;

/** The tunnel’s own device has no address; packets for other nodes leave by `cilium_host`. Bare ones leave by the host’s. */
const works = ({ mode }: RecipeInput): Works =>
  mode === 'tunnel' ? { device: 'cilium_host', routes: { over: 'cilium_host' } } : { device: 'cilium_host' };

/** Cilium by its project’s chart. Replacing kube-proxy is a change of its own. */
export const ciliumRecipe: NetworkRecipe = {
  driver: 'cilium',
  upstream: (input) => ({
    kind: 'chart',
    name: 'cilium',
    version: input.version.replace(/^v/, ''),
    namespace: NAMESPACE,
    values: ciliumValues(input),
  }),
  set: (input, upstream) => ({
    name: 'network/cilium',
    objects: upstream.map((object) => withAnnotations(object, input)),
  }),
  confName: '05-cilium.conflist',
  conflist: (input) => ({ kind: 'text', text: conflist(input) }),
  agents: [`${NAMESPACE}/cilium`],
  plugins: ['cilium-cni'],
  works,
};
