import pLimit, { type LimitFunction } from 'p-limit';
import type { CarriedObject } from '../../bundle/model/carried-object.js';
import type { Kube, KubeFailure } from '../../core/ports/kube.js';
import { err, ok, type Result } from '../../core/result.js';
import { joinSignals } from '../../core/signals.js';
import type { StepFailure } from '../failure.js';
import { failureOfKube } from '../kube-failure.js';
import type { ApplyContext } from '../step.js';
import { type LiveOwners, liveOwners } from './live-owners.js';
import type { LeftObject, PlannedObject, RestoreParams } from './params.js';
import { concernsAll } from './persist.js';
import type { ObjectSource } from './source.js';

/** One wave while it is written. */
export interface Wave {
  readonly context: Pick<ApplyContext, 'run' | 'clock' | 'progress'>;
  readonly params: RestoreParams;
  readonly kube: Kube;
  readonly source: ObjectSource;
  /** Aborted with the run, or when nothing more is worth sending. */
  readonly signal: AbortSignal;
  readonly planned: ReadonlyMap<string, PlannedObject>;
  /** Objects that were read to be looked at, until they are written. */
  readonly ready: Map<string, CarriedObject>;
  /** Objects of this wave that are not written, and those that earlier waves left. */
  readonly left: Map<string, LeftObject>;
  /** Keys of objects of this wave that are there now. */
  readonly there: Set<string>;
  readonly owners: LiveOwners;
  /** Owners that are named only afterwards, because they wait for what they own. */
  circles: ReadonlyMap<string, ReadonlySet<string>>;
  /** Keeps the number of objects that are looked at or written at once. */
  readonly limit: LimitFunction;
  /** Why nothing more is sent. */
  readonly halted: () => StepFailure | undefined;
  readonly halt: (failure: StepFailure) => void;
  readonly release: () => void;
}

/** The objects of a wave: its own, or for the last one those that earlier waves left. */
export const objectsOf = ({ last, left, objects }: RestoreParams): readonly PlannedObject[] =>
  last ? left.flat().map(({ object }) => object) : objects;

export const openWave = (
  context: ApplyContext,
  params: RestoreParams,
  { kube, source }: { readonly kube: Kube; readonly source: ObjectSource },
): Wave => {
  const cut = new AbortController();
  const joined = joinSignals([context.signal, cut.signal]);
  let halted: StepFailure | undefined;
  const earlier = params.last ? [] : params.left.flat();
  return {
    context,
    params,
    kube,
    source,
    signal: joined.signal,
    planned: new Map(objectsOf(params).map((object) => [object.key, object])),
    ready: new Map(),
    left: new Map(earlier.map((each) => [each.object.key, each])),
    there: new Set(context.items.finished),
    owners: liveOwners(kube, source, joined.signal),
    circles: new Map(),
    limit: pLimit(params.concurrency),
    halted: () => halted,
    halt: (failure) => {
      halted ??= failure;
      cut.abort();
    },
    release: joined.release,
  };
};

/** Notes that an object is not written, and goes on. What depends on it is left as well. */
export const leave = ({ left }: Wave, object: PlannedObject, why: string): void => {
  left.set(object.key, { object: { ...object, verdict: 'later' }, why });
};

const whyOf = ({ message, causes }: KubeFailure): string => {
  const more = causes
    .filter((cause) => !message.includes(cause.message))
    .map((cause) =>
      cause.field === undefined || cause.field === '' ? cause.message : `${cause.field}: ${cause.message}`,
    );
  return [message, ...more].join('; ');
};

/** What a refused request means: for its object alone, or for everything that would come after it. */
export const refused = (wave: Wave, object: PlannedObject, failure: KubeFailure): StepFailure => {
  const seen = failureOfKube(failure, `${object.key} cannot be written`);
  if (concernsAll(failure)) wave.halt(seen);
  const why = whyOf(failure);
  leave(wave, object, why);
  return { class: 'permanent', code: 'objects-refused', message: why };
};

/** The object as the bundle has it; read once for looking and writing. */
export const carriedOf = async (
  wave: Wave,
  object: PlannedObject,
): Promise<Result<CarriedObject, StepFailure>> => {
  const ready = wave.ready.get(object.key);
  if (ready !== undefined) return ok(ready);
  const read = await wave.source.get(object.key);
  if (!read.ok) return read;
  return read.value === undefined
    ? err({
        class: 'permanent',
        code: 'objects-other-bundle',
        message: `the bundle has no ${object.key}`,
      })
    : ok(read.value);
};
