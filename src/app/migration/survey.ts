import type { RunEvent } from '../../core/events/run.js';
import type { Kube, KubeObject } from '../../core/ports/kube.js';
import { replaceReferences } from '../../core/references.js';
import { ok, type Result } from '../../core/result.js';
import { sentence } from '../../core/text.js';
import type { Action } from '../../plan/model.js';
import { progressOf } from '../../run/progress.js';
import { itemsOf } from '../../run/rollback/items-of.js';
import type { Survey, Thing } from '../../run/rollback/survey.js';
import type { StepFailure } from '../../steps/failure.js';
import type { ItemRecord } from '../../steps/items.js';
import { uidOf } from '../../steps/objects/detail.js';
import { type Fate, fateOf } from '../../steps/objects/fate.js';
import { isFormer, openFormer } from '../../steps/objects/former.js';
import { formerPatch } from '../../steps/objects/former-patch.js';
import { liveObjects } from '../../steps/objects/live.js';
import { restoreParamsSchema } from '../../steps/objects/params.js';
import { objectsRestore } from '../../steps/objects/restore.js';
import type { ObjectSource } from '../../steps/objects/source.js';
import { strangersWith } from '../../steps/objects/strangers.js';
import { objectsOf } from '../../steps/objects/wave.js';

export interface ObjectSurveyInput {
  readonly run: string;
  readonly events: readonly RunEvent[];
  /** Actions that were begun. */
  readonly actions: readonly Action[];
  readonly kube: Kube;
  /** Asked for when the run changed objects, whose former states must be opened. */
  readonly objects: () => Promise<Result<ObjectSource, StepFailure>>;
  readonly signal: AbortSignal;
}

const thing = (name: string, verdict: Thing['verdict'], saved: string, now: string): Thing => ({
  kind: 'object',
  name,
  verdict,
  saved,
  now,
});

const thingOf = (key: string, fate: Fate): Thing => {
  switch (fate.kind) {
    case 'settled':
      return thing(key, 'saved', fate.why, fate.why);
    case 'remove':
      return thing(key, 'left', 'absent', fate.data ? 'data: its volume' : 'there');
    case 'restore':
      return formerPatch(fate.live, fate.former).length === 0
        ? thing(key, 'saved', 'as it was', 'as it was')
        : thing(key, 'left', 'as the run found it', 'as the run left it');
    case 'remake':
      return thing(key, 'left', 'there', 'removed');
    case 'foreign':
      return thing(key, 'foreign', 'as the run left it', fate.why);
  }
};

/** UIDs of all that the run made. */
const madeBy = ({ actions, events }: ObjectSurveyInput): ReadonlySet<string> => {
  const records = actions.flatMap(({ id }) => itemsOf(events, id));
  return new Set(records.flatMap(({ detail }) => uidOf(detail) ?? []));
};

/** A namespace or a definition takes along whatever others have put there. */
const withStrangers = async (
  { kube, run, signal }: ObjectSurveyInput,
  made: ReadonlySet<string>,
  fate: Fate,
): Promise<Result<Fate, StepFailure>> => {
  if (fate.kind !== 'remove') return ok(fate);
  const strangers = await strangersWith({ kube, run, made, signal }, fate.live);
  if (!strangers.ok || strangers.value.length === 0) return strangers.ok ? ok(fate) : strangers;
  return ok({ kind: 'foreign', why: `others have put there: ${sentence(strangers.value)}`, then: fate });
};

const formerOf = async (
  { run, objects }: ObjectSurveyInput,
  { key, before }: ItemRecord,
): Promise<Result<KubeObject | undefined, StepFailure>> => {
  if (!isFormer(before)) return ok(undefined);
  const source = await objects();
  if (!source.ok) return source;
  return openFormer(source.value, { run, key }, before);
};

/** Parameters of a wave as the run had them. */
const paramsOf = ({ events }: ObjectSurveyInput, { params }: Action) => {
  const { actions } = progressOf(events);
  const resolved = replaceReferences(params, ({ from, output }) => {
    const progress = actions.get(from);
    return progress?.state === 'done' ? (progress.outputs[output] ?? null) : null;
  });
  return restoreParamsSchema.parse(resolved);
};

const surveyWave = async (
  input: ObjectSurveyInput,
  action: Action,
  made: ReadonlySet<string>,
): Promise<Result<readonly Thing[], StepFailure>> => {
  const records = new Map(itemsOf(input.events, action.id).map((record) => [record.key, record]));
  const sought = objectsOf(paramsOf(input, action)).filter(({ key }) => records.has(key));
  const things: Thing[] = [];
  for await (const seen of liveObjects(input.kube, sought, input.signal)) {
    if (!seen.ok) return seen;
    const { key, live } = seen.value;
    const record = records.get(key);
    if (record === undefined) continue;
    const former = await formerOf(input, record);
    if (!former.ok) return former;
    const fate = await withStrangers(
      input,
      made,
      fateOf({ run: input.run, record, live, former: former.value }),
    );
    if (!fate.ok) return fate;
    things.push(thingOf(key, fate.value));
  }
  return ok(things);
};

/** What became of the objects that a run wrote, action by action. Reads alone. */
export const surveyObjects = async (input: ObjectSurveyInput): Promise<Result<Survey, StepFailure>> => {
  const survey = new Map<string, readonly Thing[]>();
  const made = madeBy(input);
  for (const action of input.actions) {
    if (action.step !== objectsRestore.id) continue;
    const things = await surveyWave(input, action, made);
    if (!things.ok) return things;
    survey.set(action.id, things.value);
  }
  return ok(survey);
};
