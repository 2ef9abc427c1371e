import type { DroverError } from '../../../core/error.js';
import { judgeSets } from '../../../plan/set-policy.js';
import type { WantedSet } from '../../../plan/set-stage.js';
import type { Cluster } from '../../../spec/cluster.js';
import { applicationSets } from '../../../steps/apps/render.js';
import type { ObjectSet } from '../../../steps/sets/object-set.js';
import type { World } from '../../../steps/step.js';
import type { ClusterTools } from '../tools.js';
import { appsInput } from './app-sets.js';

/** As on real hosts: a lab's stand-in would hide the images and variables of the spec. */
const asReal = (cluster: Cluster, world: World, wanted: readonly WantedSet[]): readonly ObjectSet[] => {
  const real = new Map(applicationSets(appsInput(cluster, world, undefined)).map((set) => [set.name, set]));
  return wanted.map(({ set }) => real.get(set.name) ?? set);
};

/** Rules of the policy that a plan would break: warnings are told, what is enforced is returned. */
export const brokenRules = (
  cluster: Cluster,
  world: World,
  wanted: readonly WantedSet[],
  { clock, emit }: Pick<ClusterTools, 'clock' | 'emit'>,
): readonly DroverError[] => {
  const today = new Date(clock.now()).toISOString().slice(0, 10);
  const { errors, warnings } = judgeSets(cluster, asReal(cluster, world, wanted), today);
  for (const error of warnings) emit({ type: 'diagnostic', severity: 'warning', error });
  return errors.map((error) => ({ ...error, state: 'nothing was changed' }));
};
