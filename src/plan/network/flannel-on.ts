import { formatCidr } from '../../core/cidr.js';
import { rangeOfNodes } from '../../diagnosis/change/ranges.js';
import { cniOf, filesThatCount, judgesPolicies, serverSetting, splitPath } from '../../facts/cni/in-use.js';
import type { Cluster } from '../../spec/cluster.js';
import { K3S_CONF_DIR } from '../../steps/cni/networks/flannel-k3s.js';
import type { RecipeInput } from '../../steps/cni/recipe.js';
import { confs } from '../../steps/cni/recipes.js';
import { cniStageConf } from '../../steps/cni/stage-conf.js';
import { askedNetwork } from '../../steps/k3s/settings.js';
import type { World } from '../../steps/step.js';
import type { Goal } from '../goal.js';
import { pluginsOf } from './hand-over.js';
import { k3sNetworkGoal } from './k3s-goal.js';
import { foldersRead, recipeInput } from './recipe-input.js';
import { memberFacts } from './running.js';
import { hostGoal, type Move } from './second.js';
import type { Asked, Situation } from './situation.js';

/** Plugins that K3s brings into its own folder. */
const OF_K3S = ['bandwidth', 'bridge', 'firewall', 'flannel', 'host-local', 'loopback', 'portmap'];
const K3S_PLUGINS = '/var/lib/rancher/k3s/data/cni';

/** Flannel as pods will have it: out of the ranges of nodes, by the folder that K3s makes its runtime read. */
export const flannelInput = (
  cluster: Cluster,
  world: World,
  { asked, situation }: { readonly asked: Asked; readonly situation: Situation },
): RecipeInput => {
  const nodes = rangeOfNodes(world.cluster);
  return {
    ...recipeInput(cluster, world, { asked, situation, phase: 'beside' }),
    pool: nodes === undefined ? cluster.spec.network.pods : formatCidr(nodes),
    confDir: K3S_CONF_DIR,
    binDir: K3S_PLUGINS,
  };
};

/** Hosts whose runtime takes the former network from a folder that it reads no more when Flannel is on. */
const holders = ({ members: { cluster, world }, from }: Move): readonly string[] =>
  memberFacts(cluster, world)
    .filter((host) => {
      const cni = cniOf(host);
      const first = cni === undefined ? undefined : filesThatCount(cni)[0];
      const { dir, name } = splitPath(first?.path ?? '');
      return dir !== K3S_CONF_DIR && name === confs[from.driver]?.confName;
    })
    .map(({ name }) => name);

/** Whatever folder the runtimes read next, they keep the former network until their node moves. */
export const stagedGoals = (move: Move, after: readonly string[]): readonly Goal[] => {
  const { members, from, input } = move;
  const now = { ...input, ...foldersRead(members.cluster, members.world), mode: from.mode ?? input.mode };
  const plugins = pluginsOf(from.driver, now).filter((name) => !OF_K3S.includes(name));
  const params = { driver: from.driver, input: now, plugins, confDir: K3S_CONF_DIR, binDir: K3S_PLUGINS };
  return holders(move).map((name) => hostGoal(cniStageConf, name, params, after));
};

/** K3s runs Flannel, without its own engine of NetworkPolicies: two of them would judge each other’s pods. */
export const onGoals = ({ members }: Move, after: readonly string[]): readonly Goal[] => {
  const { cluster, world } = members;
  const asked = askedNetwork(cluster);
  const hosts = memberFacts(cluster, world);
  const backend = serverSetting(hosts, 'flannel-backend', 'vxlan');
  return backend === asked.backend && !judgesPolicies(hosts)
    ? []
    : [k3sNetworkGoal(members, 'flannel', { ...asked, policies: false }, after)];
};
