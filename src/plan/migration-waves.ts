import type { Gate } from '../bundle/model/gate.js';
import type { Wave } from '../bundle/order/waves.js';
import type { Assessed } from '../bundle/target/model.js';
import type { KubeRef } from '../core/ports/kube.js';
import type { Change } from '../steps/change.js';
import { type PlannedObject, plannedObjectSchema, verdictSchema } from '../steps/objects/params.js';

/** A wave that has something to write. */
export interface PlannedWave {
  /** `namespaces`, `custom-resources-2`: the same over re-planning. */
  readonly name: string;
  /** Operators and back ends of webhooks: others wait for them, so they start at once. */
  readonly starts: boolean;
  readonly objects: readonly PlannedObject[];
  readonly gates: readonly Gate[];
  readonly changes: readonly Change[];
}

export const addressOf = ({
  resource: { group, version, plural },
  namespace,
  name,
}: KubeRef): PlannedObject['ref'] => ({
  group,
  version,
  plural,
  namespace: namespace ?? null,
  name,
});

const plannedOf = ({ key, ref, verdict }: Assessed): readonly PlannedObject[] =>
  ref === undefined || verdict === 'refused' || verdict === 'keep'
    ? []
    : [plannedObjectSchema.parse({ key, ref: addressOf(ref), verdict: verdictSchema.parse(verdict) })];

const changeOf = ({ key, verdict, changed }: Assessed): readonly Change[] => {
  switch (verdict) {
    case 'create':
      return [{ kind: 'add', what: key }];
    case 'update':
      return [{ kind: 'change', what: key, after: changed.join(', ') }];
    case 'later':
      return [{ kind: 'unknown', what: key }];
    case 'keep':
    case 'refused':
      return [];
  }
};

/** Waves of which something is written. What those awaited that fall away is awaited by the next one. */
export const plannedWaves = (
  waves: readonly Wave[],
  objects: readonly Assessed[],
): readonly PlannedWave[] => {
  const byKey = new Map(objects.map((each) => [each.key, each]));
  const seen = new Map<string, number>();
  const result: PlannedWave[] = [];
  let waiting: readonly Gate[] = [];
  for (const { stage, keys, gates } of waves) {
    const times = (seen.get(stage) ?? 0) + 1;
    seen.set(stage, times);
    waiting = [...waiting, ...gates];
    const own = keys.flatMap((key) => byKey.get(key) ?? []);
    const planned = own.flatMap(plannedOf);
    if (planned.length === 0) continue;
    result.push({
      name: stage.replaceAll(' ', '-') + (times === 1 ? '' : `-${times}`),
      starts: stage === 'operators',
      objects: planned,
      gates: waiting,
      changes: own.flatMap(changeOf),
    });
    waiting = [];
  }
  return result;
};
