import type { DroverErrors } from '../../../core/error.js';
import { ok, type Result } from '../../../core/result.js';
import { phaseOf, recipeInput } from '../../../plan/network/recipe-input.js';
import { proxyChange } from '../../../plan/network/services.js';
import { askedOf, type Situation, situationOf } from '../../../plan/network/situation.js';
import type { WantedSet } from '../../../plan/set-stage.js';
import type { Cluster } from '../../../spec/cluster.js';
import { recipes } from '../../../steps/cni/recipes.js';
import type { World } from '../../../steps/step.js';
import { networkSet } from './network-set.js';
import type { UpstreamTools } from './upstream.js';

/** A network that somebody else has put there says nothing of its range: it stays as it is. */
const isOwn = ({ cluster }: World, agents: readonly string[]): boolean =>
  cluster?.workloads.some(
    ({ namespace, name, pool }) => pool !== undefined && agents.includes(`${namespace}/${name}`),
  ) ?? false;

const isUnderWay = ({ kind }: Situation): boolean => ['none', 'other', 'installer'].includes(kind);

/**
 * The cluster network that the spec asks for, where Drover puts it there or has done so: beside the one that runs, or
 * alone. As long as it is not there, the stages that change the network have its goal.
 */
export const networkSets = async (
  cluster: Cluster,
  world: World,
  tools: UpstreamTools,
): Promise<Result<readonly WantedSet[], DroverErrors>> => {
  const asked = askedOf(cluster);
  const recipe = asked === undefined ? undefined : recipes[asked.driver];
  if (asked === undefined || recipe === undefined) return ok([]);
  const situation = situationOf(cluster, world);
  const begun = isUnderWay(situation);
  if (!begun && !isOwn(world, recipe.agents)) return ok([]);
  const phase = phaseOf(cluster, world, situation);
  const input = recipeInput(cluster, world, { asked, situation, phase });
  const set = await networkSet(cluster, { driver: asked.driver, input }, tools);
  // Who programs Services is changed by a stage of its own.
  const proxy = asked.driver === 'cilium' && proxyChange({ cluster, world }) !== undefined;
  const placed = begun || situation.kind === 'mode' || proxy;
  return set.ok ? ok([{ set: set.value, ...(placed ? { placed: true } : {}) }]) : set;
};
