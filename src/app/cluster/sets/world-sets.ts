import type { DroverError, DroverErrors } from '../../../core/error.js';
import { err, ok, type Result } from '../../../core/result.js';
import type { WantedSet } from '../../../plan/set-stage.js';
import type { Cluster } from '../../../spec/cluster.js';
import type { LiveSet } from '../../../steps/sets/live-set.js';
import { seeSets } from '../../../steps/sets/see-sets.js';
import type { World } from '../../../steps/step.js';
import { brokenRules } from '../apps/judge-wanted.js';
import { isLab, missingSecrets, secretsSeen } from '../apps/stored-secrets.js';
import { tellLabApps } from '../apps/tell-lab-apps.js';
import { tellLabMonitoring } from '../monitoring/tell-lab-monitoring.js';
import { errorOf } from '../operator/artifact-cache.js';
import type { Sight } from '../see-world.js';
import type { ClusterTools } from '../tools.js';

/** The world with the sets that the spec asks for, as they live in it. */
export interface WorldWithSets {
  readonly world: World;
  readonly wanted: readonly WantedSet[];
}

const refusals = (sets: readonly LiveSet[]): readonly DroverError[] =>
  sets.flatMap(({ name, objects }) =>
    objects
      .filter(({ verdict }) => verdict === 'refused')
      .map(({ key, why = '' }) => ({
        code: 'plan-set-refused',
        message: `${name}: the cluster refuses ${key}`,
        cause: why,
        state: 'nothing was changed',
      })),
  );

/** Rules of the policy that are broken, and values that no store has; all at once. */
const whatIsWrong = async (
  cluster: Cluster,
  world: World,
  wanted: readonly WantedSet[],
  tools: ClusterTools,
): Promise<readonly DroverError[]> => [
  ...brokenRules(cluster, world, wanted, tools),
  ...(isLab(tools) ? [] : await missingSecrets(cluster, wanted, tools.secrets)),
];

/** Renders all sets, and compares them with the cluster where there is one. Changes nothing. */
export const withSets = async (
  cluster: Cluster,
  world: World,
  { tools, access }: Sight,
): Promise<Result<WorldWithSets, DroverErrors>> => {
  if (tools.sets === undefined) return ok({ world, wanted: [] });
  const wanted = await tools.sets.render(world);
  if (!wanted.ok) return wanted;
  tellLabApps(cluster, tools);
  tellLabMonitoring(cluster, tools);
  const [problem, ...problems] = await whatIsWrong(cluster, world, wanted.value, tools);
  if (problem !== undefined) return err([problem, ...problems]);
  if (world.cluster === undefined) return ok({ world, wanted: wanted.value });
  const kube = await access.open(tools.soft);
  if (!kube.ok) return err([errorOf(kube.error)]);
  const all = wanted.value.map(({ set }) => set);
  const [seen, secrets] = await Promise.all([
    seeSets({ kube: kube.value, signal: tools.soft }, all, 'all'),
    secretsSeen(wanted.value, kube.value, tools, tools.soft),
  ]);
  if (!seen.ok) return err([errorOf(seen.error)]);
  const [first, ...more] = refusals(seen.value);
  if (first !== undefined) return err([first, ...more]);
  const sets = new Map(seen.value.map((set) => [set.name, set]));
  return ok({
    world: { ...world, sets, ...(secrets === undefined ? {} : { secrets }) },
    wanted: wanted.value,
  });
};
