import type { Json } from '../../../core/canonical.js';
import type { KubeObject } from '../../../core/ports/kube.js';
import type { NetworkRecipe, RecipeInput } from '../recipe.js';
import { calicoRecipe, calicoWorks } from './calico.js';
import { interfacePattern } from './calico-agent.js';
import { STAGING } from './calico-conflist.js';
import { installation } from './calico-installation.js';
import { apiSettings, confDirOf, ownSettings } from './calico-objects.js';

const NAMESPACE = 'tigera-operator';
/** Under which the operator’s installer writes; it cannot be told another. */
const CONF_NAME = '10-calico.conflist';

/** Where the agents leave plugins while another network is in use: the operator’s replace those of the same name. */
export const pluginDirOf = ({ beside, binDir }: RecipeInput): string => (beside ? `${STAGING}/bin` : binDir);

const isDefinition = ({ kind }: KubeObject): boolean => kind === 'CustomResourceDefinition';
const runs = ({ kind }: KubeObject): boolean => kind === 'Deployment';

/** The operator reads the address of the API from its own namespace, and hands it to the agents. */
const apiOf = (input: RecipeInput): KubeObject => {
  const { metadata, ...rest } = apiSettings(input);
  return { ...rest, metadata: { ...metadata, namespace: NAMESPACE } };
};

const FELIX = 'FelixConfiguration';

/** What the manifest says by variables, the operator’s agents read from their object: it lets nobody set variables. */
const felixSettings = (input: RecipeInput): readonly KubeObject[] => {
  const { mode, port, iptables, interfaces = [], options } = input;
  const spec = {
    ...(options?.['felix'] as Readonly<Record<string, Json>> | undefined),
    iptablesBackend: iptables === 'legacy' ? 'Legacy' : 'NFT',
    nftablesMode: options?.['nftablesMode'] ?? 'Disabled',
    ...(mode === 'vxlan' && port !== null ? { vxlanPort: port } : {}),
    ...(interfaces.length === 0 ? {} : { mtuIfacePattern: interfacePattern(interfaces) }),
  };
  return [{ apiVersion: 'crd.projectcalico.org/v1', kind: FELIX, metadata: { name: 'default' }, spec }];
};

/** Definitions, the operator’s rights, settings, the operator; what it shall make goes last. */
const objectsOf = (input: RecipeInput, upstream: readonly KubeObject[]): readonly KubeObject[] => [
  ...upstream.filter(isDefinition),
  ...upstream.filter((object) => !isDefinition(object) && !runs(object)),
  apiOf(input),
  ...felixSettings(input),
  ...ownSettings(input).filter(({ kind }) => kind !== FELIX),
  ...upstream.filter(runs),
  installation(input, { confDir: confDirOf(input), binDir: pluginDirOf(input) }),
];

/** Calico by Tigera’s operator: the agents are its own, and follow the Installation. */
export const calicoOperatorRecipe: NetworkRecipe = {
  driver: 'calico-operator',
  upstream: ({ version }) => ({
    kind: 'manifest',
    name: 'calico-operator',
    version: `v${version.replace(/^v/, '')}`,
  }),
  set: (input, upstream) => ({ name: 'network/calico', objects: objectsOf(input, upstream) }),
  confName: CONF_NAME,
  conflist: (input) => ({
    kind: 'staged',
    path: `${confDirOf(input)}/${CONF_NAME}`,
    calls: ['portmap'],
  }),
  agents: ['calico-system/calico-node'],
  plugins: calicoRecipe.plugins,
  pluginDir: pluginDirOf,
  works: calicoWorks,
};
