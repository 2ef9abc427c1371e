import type { Clock } from '../../../core/ports/clock.js';
import type { KubeObject, KubeRef, WatchEvent } from '../../../core/ports/kube.js';
import { err, ok, type Result } from '../../../core/result.js';
import { joinSignals } from '../../../core/signals.js';
import { sentence } from '../../../core/text.js';
import type { StepFailure } from '../../failure.js';
import { failureOfKube } from '../../kube-failure.js';
import type { KubeReads } from '../../kube-reads.js';

/** Something that is waited for: undefined = it holds, else what is missing. */
export type Judge = (object: KubeObject | undefined) => string | undefined;

export interface Need {
  /** `the namespace shop`. */
  readonly what: string;
  readonly judge: Judge;
}

export interface Awaited {
  readonly resource: KubeRef['resource'];
  readonly namespace?: string;
  readonly fieldSelector?: string;
  readonly labelSelector?: string;
  /** Name of a need that an object belongs to. */
  readonly needOf: (object: KubeObject) => string;
  /** What is waited for, by name. */
  readonly needs: ReadonlyMap<string, Need>;
  readonly limitMs: number;
}

export interface Waiting {
  readonly kube: Pick<KubeReads, 'watch'>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly progress: (text: string) => void;
}

const timedOut = (open: ReadonlyMap<string, string>, seconds: number): StepFailure => ({
  class: 'permanent',
  code: 'objects-gate',
  message: `${sentence([...open.keys()], 8)} did not come about within ${seconds} s`,
  cause: [...open].map(([what, missing]) => `${what}: ${missing}`).join('\n'),
});

/** What is still missing, by what is waited for. */
type Open = Map<string, string>;

const judged = ({ needs, needOf }: Awaited, open: Open, event: WatchEvent): void => {
  const objects = event.type === 'RELISTED' ? event.items : [event.object];
  for (const object of objects) {
    const need = needs.get(needOf(object));
    // What has come about once is no longer waited for: of several slices one is enough.
    if (need === undefined || !open.has(need.what)) continue;
    const missing = need.judge(event.type === 'DELETED' ? undefined : object);
    if (missing === undefined) open.delete(need.what);
    else open.set(need.what, missing);
  }
};

const watched = async (
  { kube }: Waiting,
  awaited: Awaited,
  { open, signal }: { readonly open: Open; readonly signal: AbortSignal },
): Promise<Result<void, StepFailure>> => {
  const { resource, namespace, fieldSelector, labelSelector } = awaited;
  const where = {
    ...(namespace === undefined ? {} : { namespace }),
    ...(fieldSelector === undefined ? {} : { fieldSelector }),
    ...(labelSelector === undefined ? {} : { labelSelector }),
  };
  for await (const event of kube.watch(resource, { ...where, signal })) {
    if (!event.ok) return err(failureOfKube(event.error, `cannot watch ${resource.plural}`));
    judged(awaited, open, event.value);
    if (open.size === 0) return ok(undefined);
  }
  return err(CUT);
};

/** Waits on a watch until every need holds; tells what it waits for. */
export const awaitObjects = async (
  waiting: Waiting,
  awaited: Awaited,
): Promise<Result<void, StepFailure>> => {
  const { needs, limitMs } = awaited;
  const open: Open = new Map([...needs.values()].map(({ what, judge }) => [what, judge(undefined) ?? '']));
  const timer = new AbortController();
  const limit = joinSignals([waiting.signal, timer.signal]);
  const late = waiting.clock.delay(limitMs, limit.signal).then(
    () => {
      timer.abort();
      return true;
    },
    () => false,
  );
  try {
    waiting.progress(`waiting for ${sentence([...open.keys()], 4)}`);
    const done = await watched(waiting, awaited, { open, signal: limit.signal });
    if (done.ok || done.error !== CUT) return done;
    timer.abort();
    return (await late) ? err(timedOut(open, limitMs / 1000)) : done;
  } finally {
    timer.abort();
    limit.release();
  }
};

const CUT: StepFailure = {
  class: 'permanent',
  code: 'run-cut',
  message: 'the run was cut off while it waited; nothing of this wave was written',
};
