import type { CarriedObject } from '../bundle/model/carried-object.js';
import { wavesOf } from '../bundle/order/waves.js';
import type { Assessed } from '../bundle/target/model.js';
import type { Json } from '../core/canonical.js';
import type { KubeObject } from '../core/ports/kube.js';
import type { MigrationSpec } from '../spec/schema/migration.js';
import type { Change } from '../steps/change.js';
import { LEFT_OUTPUT, type PutBackParams, type RestoreParams } from '../steps/objects/params.js';
import { heldBack } from '../steps/objects/prepare.js';
import { isHeld, objectsPutBack } from '../steps/objects/put-back.js';
import { objectsRestore } from '../steps/objects/restore.js';
import type { AnyStep } from '../steps/step.js';
import { type PlanContent, planOf } from './assemble.js';
import { goalId } from './goal.js';
import { addressOf, type PlannedWave, plannedWaves } from './migration-waves.js';
import type { Action, CarriedPlan, Plan } from './model.js';

export interface MigrationPlanInput {
  readonly tool: string;
  readonly realm: string;
  readonly createdAt: string;
  readonly name: string;
  readonly specHash: string;
  readonly carries: CarriedPlan;
  /** Digests of what the plan relies on, by name. */
  readonly relied: Readonly<Record<string, string>>;
  readonly objects: readonly CarriedObject[];
  readonly assessed: readonly Assessed[];
  readonly restore: MigrationSpec['restore'];
  readonly ignored: readonly string[];
  /** Nothing is written but what an earlier restore held back is put back; with the objects that are there. */
  readonly putBack?: { readonly live: ReadonlyMap<string, KubeObject> };
}

const GOAL = 'The target has what is carried';
const PUT_BACK_GOAL = 'What was restored at rest works again';

/** Objects that a server writes in a second, by which times are estimated; measured, not promised. */
const PER_SECOND = 300;

interface ActionInput {
  readonly step: AnyStep;
  readonly where: string;
  readonly params: Json;
  /** Parameters as they are shown: what earlier actions put out is not known yet. */
  readonly shown: Json;
  readonly after: readonly string[];
  readonly changes: readonly Change[];
  readonly objects: number;
}

const actionOf = ({ step, where, params, shown, after, changes, objects }: ActionInput): Action => ({
  id: goalId(step, where),
  step: step.id,
  title: step.title(shown),
  scope: step.scope,
  role: 'target',
  hosts: [],
  params: params as Action['params'],
  after: [...after],
  changes: [...changes],
  risk: step.risk,
  undo: step.undo,
  replay: step.replay,
  disruptive: step.disruptive,
  expected: { ...step.expected, seconds: Math.max(1, Math.ceil(objects / PER_SECOND)) },
});

const treatmentOf = ({ starts }: PlannedWave, { replicas, cronJobs }: MigrationSpec['restore']) => ({
  replicas: starts ? ('keep' as const) : replicas,
  cronJobs,
});

/** Actions that write the waves, each after the one before it; the last one tries what was left once more. */
const restoreActions = (
  { carries, restore }: MigrationPlanInput,
  waves: readonly PlannedWave[],
): readonly Action[] => {
  const idOf = (name: string): string => goalId(objectsRestore, name);
  const { existing, concurrency } = restore;
  const all: readonly PlannedWave[] = [
    ...waves,
    { name: 'once-more', starts: false, objects: [], gates: [], changes: [] },
  ];
  return all.map((wave, index) => {
    const earlier = all.slice(0, index).map(({ name }) => idOf(name));
    const last = index === all.length - 1;
    const shown: RestoreParams = {
      bundle: carries.bundle,
      wave: index + 1,
      objects: [...wave.objects],
      gates: [...wave.gates],
      left: [],
      last,
      existing,
      ...treatmentOf(wave, restore),
      concurrency,
    };
    return actionOf({
      step: objectsRestore,
      where: wave.name,
      shown,
      params: { ...shown, left: earlier.map((from) => ({ from, output: LEFT_OUTPUT })) },
      after: earlier.slice(-1),
      changes: last
        ? [{ kind: 'run', what: 'objects that earlier waves left, if there are any' }]
        : wave.changes,
      objects: wave.objects.length,
    });
  });
};

/** What a restore held back and nobody has started since: workloads at zero replicas, what is suspended. */
const heldObjects = (
  { objects, assessed }: MigrationPlanInput,
  live: ReadonlyMap<string, KubeObject>,
): PutBackParams['objects'] => {
  const refs = new Map(assessed.map(({ key, ref }) => [key, ref]));
  return objects.flatMap(({ key, object }) => {
    const ref = refs.get(key);
    const there = live.get(key);
    const value = heldBack(object, { replicas: 'zero', cronJobs: 'suspend' });
    if (ref === undefined || there === undefined || value === undefined) return [];
    const held = { key, ref: addressOf(ref), value };
    return isHeld(held, there) ? [held] : [];
  });
};

/** The action that gives replicas and schedules back. */
const putBackActions = (
  input: MigrationPlanInput,
  live: ReadonlyMap<string, KubeObject>,
): readonly Action[] => {
  const objects = heldObjects(input, live);
  if (objects.length === 0) return [];
  const params: PutBackParams = {
    bundle: input.carries.bundle,
    objects,
    concurrency: input.restore.concurrency,
  };
  return [
    actionOf({
      step: objectsPutBack,
      where: 'workloads',
      params,
      shown: params,
      after: [],
      changes: objectsPutBack.diff(undefined, params),
      objects: objects.length,
    }),
  ];
};

/**
 * The plan of a migration: one action per wave, then once more what could not be written; or what gives back what an
 * earlier restore held back. Pure: the same bundle and the same target give the same plan, byte for byte.
 */
export const migrationPlan = (input: MigrationPlanInput): Plan => {
  const { putBack } = input;
  const waves = plannedWaves(wavesOf(input.objects), input.assessed);
  const restores = waves.length === 0 ? [] : restoreActions(input, waves);
  const actions = putBack === undefined ? restores : putBackActions(input, putBack.live);
  const kept = input.assessed.filter(({ verdict }) => verdict === 'keep').length;
  const content: PlanContent = {
    tool: input.tool,
    realm: input.realm,
    cluster: { name: input.name, uid: input.carries.target.uid },
    createdAt: input.createdAt,
    specHash: input.specHash,
    identities: {},
    relied: { ...input.relied },
    stages: [{ name: 'objects', goal: putBack === undefined ? GOAL : PUT_BACK_GOAL, actions: [...actions] }],
    unchanged: kept === 0 ? {} : { [objectsRestore.id]: kept },
    notManaged: [],
    ignored: [...input.ignored],
    carries: input.carries,
  };
  return planOf(content);
};
