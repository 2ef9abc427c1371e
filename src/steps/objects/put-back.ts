import { mapOf } from '../../bundle/clean/draft.js';
import type { Json } from '../../core/canonical.js';
import type { Kube, KubeObject } from '../../core/ports/kube.js';
import { err, ok, type Result } from '../../core/result.js';
import { count } from '../../core/text.js';
import type { Change } from '../change.js';
import type { StepFailure } from '../failure.js';
import { eachItem, type Item, type ItemRecord } from '../items.js';
import { failureOfKube } from '../kube-failure.js';
import { type ApplyContext, defineStep } from '../step.js';
import { liveObjects } from './live.js';
import { APPLIER } from './managers.js';
import type { PutBackParams } from './params.js';
import { persist } from './persist.js';
import { kubeRef } from './refs.js';

type HeldObject = PutBackParams['objects'][number];
type State = { readonly objects: number };

const memberOf = ({ value }: HeldObject): 'replicas' | 'suspend' => value.kind;
const wantedOf = ({ value }: HeldObject): number | boolean =>
  value.kind === 'replicas' ? value.replicas : value.suspend;

const presentOf = (held: HeldObject, object: KubeObject): Json => {
  const value = mapOf(object['spec'])[memberOf(held)];
  return typeof value === 'number' || typeof value === 'boolean' ? value : null;
};

/** Still as the restore left it: nobody has scaled or resumed it meanwhile. */
export const isHeld = (held: HeldObject, object: KubeObject): boolean =>
  presentOf(held, object) === (held.value.kind === 'replicas' ? 0 : true);

const textOf = ({ value }: HeldObject): string =>
  value.kind === 'replicas' ? `${value.replicas} replicas` : value.suspend ? 'suspended' : 'running again';

const changeOf = (held: HeldObject): Change => ({
  kind: 'change',
  what: held.key,
  before: held.value.kind === 'replicas' ? '0 replicas' : 'suspended',
  after: textOf(held),
});

const set = async (
  { context, kube }: { readonly context: ApplyContext; readonly kube: Kube },
  held: HeldObject,
  value: Json,
): Promise<Result<string, StepFailure>> => {
  const { clock, signal } = context;
  const patch = { spec: { [memberOf(held)]: value } };
  const done = await persist({ clock, signal }, () =>
    kube.patch(kubeRef(held.ref), patch, { type: 'merge', fieldManager: APPLIER, signal }),
  );
  return done.ok
    ? ok(`${memberOf(held)} ${JSON.stringify(value)}`)
    : err(failureOfKube(done.error, `${held.key} cannot be put back`));
};

/** Objects that are still held back, each with what it has now. */
async function* stillHeld(
  context: ApplyContext,
  kube: Kube,
  held: ReadonlyMap<string, HeldObject>,
): AsyncGenerator<Item> {
  for await (const seen of liveObjects(kube, [...held.values()], context.signal)) {
    // What cannot be looked at now is found by the proof afterwards.
    if (!seen.ok) continue;
    const { key, live } = seen.value;
    const object = held.get(key);
    if (object === undefined || live === undefined || !isHeld(object, live)) continue;
    yield { key, before: { present: presentOf(object, live) } };
  }
}

const firstFailure = (
  ended: Awaited<ReturnType<typeof eachItem>>,
): Result<Readonly<Record<string, Json>>, StepFailure> => {
  if (!ended.ok) return ended;
  const [first] = ended.value.failed;
  return first === undefined ? ok({}) : err(first.failure);
};

const apply = async (context: ApplyContext, params: PutBackParams) => {
  const kube = await context.kube();
  if (!kube.ok) return kube;
  const held = new Map(params.objects.map((object) => [object.key, object]));
  const { concurrency } = params;
  const ended = await eachItem({
    log: context.items,
    items: stillHeld(context, kube.value, held),
    work: ({ key }) => {
      const object = held.get(key);
      if (object === undefined) throw new Error(`${key} is not put back here`);
      return set({ context, kube: kube.value }, object, wantedOf(object));
    },
    signal: context.signal,
    concurrency,
  });
  return firstFailure(ended);
};

const formerValue = ({ before }: ItemRecord): Json =>
  typeof before === 'object' && before !== null && 'present' in before ? (before.present ?? null) : null;

/** Holds back again what the run put back, unless somebody has changed the figure since. */
const revert = async (context: ApplyContext, params: PutBackParams): Promise<Result<void, StepFailure>> => {
  const { takesBack } = context;
  if (takesBack === undefined) throw new Error('only a way back takes objects back');
  const records = await context.itemsOf(takesBack.run, takesBack.action);
  if (!records.ok) return records;
  const kube = await context.kube();
  if (!kube.ok) return kube;
  const byKey = new Map(records.value.map((record) => [record.key, record]));
  const changed = params.objects.filter(({ key }) => byKey.has(key));
  for await (const seen of liveObjects(kube.value, changed, context.signal)) {
    if (!seen.ok) return seen;
    const { key, live } = seen.value;
    const held = changed.find((object) => object.key === key);
    const record = byKey.get(key);
    if (held === undefined || record === undefined || live === undefined) continue;
    if (presentOf(held, live) !== wantedOf(held)) continue;
    const done = await set({ context, kube: kube.value }, held, formerValue(record));
    if (!done.ok) return done;
  }
  return ok(undefined);
};

/** Gives workloads their replicas and CronJobs their schedule back after a restore that held them back. */
export const objectsPutBack = defineStep<PutBackParams, State>({
  id: 'objects.put-back',
  title: ({ objects }) => `Put ${count(objects.length, 'object')} back to work`,
  scope: 'cluster',
  reads: [],
  risk: 'medium',
  replay: 'converges',
  undo: { kind: 'inverse' },
  expected: { seconds: 10 },
  timeoutMs: 3_600_000,
  retry: 'transient',
  disruptive: false,
  observe: (_world, _subject, { objects }) => ({ objects: objects.length }),
  diff: (_state, { objects }) => objects.map(changeOf),
  apply,
  verify: async (context, { objects }) => {
    const kube = await context.kube();
    if (!kube.ok) return kube;
    const held = new Map(objects.map((object) => [object.key, object]));
    const still: string[] = [];
    for await (const seen of liveObjects(kube.value, objects, context.signal)) {
      if (!seen.ok) return seen;
      const { key, live } = seen.value;
      const object = held.get(key);
      if (object !== undefined && live !== undefined && wantedOf(object) !== 0 && isHeld(object, live))
        still.push(key);
    }
    if (still.length === 0) return ok({ text: `${count(objects.length, 'object')} back at work` });
    return err({
      class: 'permanent',
      code: 'objects-held',
      message: `${count(still.length, 'object')} still held back: ${still.slice(0, 6).join(', ')}`,
    });
  },
  revert,
});
