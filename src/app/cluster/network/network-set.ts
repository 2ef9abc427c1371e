import type { DroverErrors } from '../../../core/error.js';
import { ok, type Result } from '../../../core/result.js';
import type { DriverId } from '../../../facts/cni/driver.js';
import type { Cluster } from '../../../spec/cluster.js';
import type { RecipeInput } from '../../../steps/cni/recipe.js';
import { recipes } from '../../../steps/cni/recipes.js';
import { type ObjectSet, objectSet } from '../../../steps/sets/object-set.js';
import { type UpstreamTools, upstreamObjects } from './upstream.js';

/** The object set of a network, made of what its project publishes. The same input gives the same set, byte for byte. */
export const networkSet = async (
  cluster: Cluster,
  { driver, input }: { readonly driver: DriverId; readonly input: RecipeInput },
  tools: UpstreamTools,
): Promise<Result<ObjectSet, DroverErrors>> => {
  const recipe = recipes[driver];
  if (recipe === undefined) throw new Error(`no recipe of ${driver}`);
  const wanted = recipe.upstream?.(input);
  const upstream = wanted === undefined ? ok([]) : await upstreamObjects(cluster, wanted, tools);
  if (!upstream.ok) return upstream;
  const { name, objects } = recipe.set(input, upstream.value);
  return ok(objectSet(name, objects));
};
