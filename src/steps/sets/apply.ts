import type { Json } from '../../core/canonical.js';
import { err, ok, type Result } from '../../core/result.js';
import { count, sentence } from '../../core/text.js';
import type { StepFailure } from '../failure.js';
import { type ApplyContext, defineStep, type Proof, type VerifyContext } from '../step.js';
import { awaitReady } from './await-ready.js';
import { setChanges } from './changes.js';
import type { LiveSet } from './live-set.js';
import { setDigest } from './object-set.js';
import type { SetParams } from './params.js';
import { takeSetBack } from './take-set-back.js';
import { pruneSet, writeSet } from './write-set.js';
import type { Writing } from './writing.js';

const otherSet = ({ set, digest }: SetParams, found: string): StepFailure => ({
  class: 'permanent',
  code: 'set-changed',
  message: `${set} is no longer what the plan was made for`,
  cause: `its digest is ${found.slice(0, 12)}, the plan was made for ${digest.slice(0, 12)}`,
  hint: 'make a new plan: the spec or what it is rendered from has changed',
});

const refusedSet = ({ name, objects }: LiveSet): StepFailure | undefined => {
  const refused = objects.filter(({ verdict }) => verdict === 'refused');
  if (refused.length === 0) return undefined;
  return {
    class: 'permanent',
    code: 'set-refused',
    message: `the cluster refuses ${count(refused.length, 'object')} of ${name}; nothing of it was written`,
    cause: refused.map(({ key, why }) => `${key}: ${why ?? ''}`).join('\n'),
  };
};

const opened = async (context: ApplyContext, params: SetParams): Promise<Result<Writing, StepFailure>> => {
  const set = await context.set(params.set);
  if (!set.ok) return set;
  const found = setDigest(set.value);
  if (found !== params.digest) return err(otherSet(params, found));
  const kube = await context.kube();
  if (!kube.ok) return kube;
  const sealer = await context.sealer();
  if (!sealer.ok) return sealer;
  const { readyMs } = params;
  return ok({ context, kube: kube.value, sealer: sealer.value, set: set.value, readyMs });
};

const apply = async (
  context: ApplyContext,
  params: SetParams,
  state: LiveSet | undefined,
): Promise<Result<Readonly<Record<string, Json>>, StepFailure>> => {
  const refused = state && refusedSet(state);
  if (refused !== undefined) return err(refused);
  const writing = await opened(context, params);
  if (!writing.ok) return writing;
  const written = await writeSet(writing.value);
  if (!written.ok) return written;
  const lost = (state?.objects ?? []).filter(({ verdict }) => verdict === 'prune');
  const pruned = await pruneSet(writing.value, lost);
  if (!pruned.ok) return pruned;
  const ready = await awaitReady(writing.value);
  return ready.ok ? ok({}) : ready;
};

const differs = ({ name }: LiveSet, keys: readonly string[]): StepFailure => ({
  class: 'permanent',
  code: 'set-differs',
  message: `${name} is not as it was applied: ${sentence(keys)}`,
  cause: 'something else writes these objects, or the API keeps them otherwise than they were sent',
  hint: 'look at metadata.managedFields of the object to see who wrote it last',
});

const proofOf = (live: LiveSet | undefined, { set, objects }: SetParams): Result<Proof, StepFailure> => {
  if (live === undefined)
    return objects === 0
      ? ok({ text: 'nothing of it is left' })
      : err({
          class: 'transient',
          code: 'set-unseen',
          message: `${set} could not be compared with the cluster`,
        });
  const open = live.objects.filter(({ verdict }) => verdict !== 'keep').map(({ key }) => key);
  if (open.length > 0) return err(differs(live, open));
  if (live.unready.length > 0)
    // It was ready a moment ago: applying again waits for it.
    return err({
      class: 'transient',
      code: 'set-not-ready',
      message: `${set} is not ready: ${sentence(live.unready)}`,
    });
  return ok({
    text: objects === 0 ? 'nothing of it is left' : `${count(objects, 'object')} as rendered, all ready`,
  });
};

const verify = async (context: VerifyContext, params: SetParams): Promise<Result<Proof, StepFailure>> => {
  // Without outputs the goal held already, and the world was seen just now.
  const world = context.outputs === undefined ? context.world : await context.again();
  return proofOf(world.sets?.get(params.set), params);
};

/**
 * Makes the cluster have an object set: server-side apply with an own field manager, objects that the set has lost are
 * removed, and what runs gets ready. An empty set removes what is left of one that is wanted no more.
 */
export const setsApply = defineStep<SetParams, LiveSet>({
  id: 'sets.apply',
  title: ({ set, objects }) =>
    objects === 0 ? `Remove ${set}` : `Apply ${set} (${count(objects, 'object')})`,
  scope: 'cluster',
  reads: ['sets'],
  risk: 'medium',
  replay: 'converges',
  undo: { kind: 'inverse' },
  expected: { seconds: 20 },
  timeoutMs: 3_600_000,
  retry: 'transient',
  disruptive: false,
  observe: ({ sets }, _subject, { set, objects, digest }) =>
    sets === undefined
      ? undefined
      : (sets.get(set) ?? (objects === 0 ? { name: set, digest, objects: [], unready: [] } : undefined)),
  diff: setChanges,
  apply,
  verify,
  revert: takeSetBack,
});
