import { err, ok, type Result } from '../../core/result.js';
import type { StepFailure } from '../failure.js';
import { eachItem, type Item } from '../items.js';
import type { ApplyContext } from '../step.js';
import { linkCircles, ownerCircles } from './circles.js';
import { passGates } from './gates/pass.js';
import { look } from './look.js';
import type { LeftObject, PlannedObject, RestoreParams } from './params.js';
import type { ObjectSource } from './source.js';
import { objectsOf, openWave, type Wave } from './wave.js';
import { write } from './write.js';

/** Objects per line of the journal. */
const BATCH = 500;
/** Progress is told every so many objects. */
const TELL = 100;

const otherBundle = (wanted: string, found: string): StepFailure => ({
  class: 'permanent',
  code: 'objects-other-bundle',
  message: 'the bundle is not the one that the plan was made for',
  cause: `its digest is ${found.slice(0, 12)}, the plan was made for ${wanted.slice(0, 12)}`,
});

/**
 * Objects that are to be written, in their order. Those of the next batch are looked at while the present one is
 * written, so that the API never waits for the slowest request of either.
 */
async function* looked(wave: Wave, objects: readonly PlannedObject[]): AsyncGenerator<Item> {
  const open = objects.filter(({ key }) => !wave.there.has(key)).values();
  const waiting: Promise<Item | undefined>[] = [];
  const start = (): void => {
    while (waiting.length < BATCH && !wave.signal.aborted) {
      const next = open.next();
      if (next.done === true) return;
      const looking = wave.limit(() => look(wave, next.value));
      // Awaited below; a wave that halts leaves some behind.
      looking.catch(() => undefined);
      waiting.push(looking);
    }
  };
  start();
  while (waiting.length > 0) {
    const item = await waiting.shift();
    if (item !== undefined) yield item;
    start();
  }
}

const teller = (wave: Wave): (() => void) => {
  let done = 0;
  return () => {
    done += 1;
    if (done % TELL === 0) wave.context.progress(`${done} of ${wave.planned.size} objects`);
  };
};

/** Writes these objects; gives how many were written. */
const pass = async (
  wave: Wave,
  log: ApplyContext['items'],
  objects: readonly PlannedObject[],
): Promise<Result<number, StepFailure>> => {
  const tell = teller(wave);
  let count = 0;
  const ended = await eachItem({
    log,
    items: looked(wave, objects),
    work: async (item, again) => {
      const written = await wave.limit(() => write(wave, item, again));
      if (written.ok) {
        wave.there.add(item.key);
        count += 1;
      }
      tell();
      return written;
    },
    signal: wave.signal,
    batch: BATCH,
    concurrency: wave.params.concurrency,
  });
  const halted = wave.halted();
  if (halted !== undefined) return err(halted);
  return ended.ok ? ok(count) : ended;
};

/** Objects that may be written at the same time; the last wave takes those of earlier ones in their order. */
const groupsOf = ({ last, left, objects }: RestoreParams): readonly (readonly PlannedObject[])[] =>
  last ? left.map((each) => each.map(({ object }) => object)) : [objects];

/**
 * Passes over the objects until nothing more succeeds: an owner may stand behind what it owns, and what another wave
 * left may need something of this one.
 */
const passes = async (wave: Wave, log: ApplyContext['items']): Promise<Result<void, StepFailure>> => {
  let groups = groupsOf(wave.params);
  let { open } = log;
  for (;;) {
    let written = 0;
    for (const group of groups) {
      const done = await pass(wave, { ...log, open }, group);
      if (!done.ok) return done;
      written += done.value;
      open = [];
    }
    const again = groups.map((group) => group.filter(({ key }) => wave.left.has(key)));
    if (written === 0 || again.every((group) => group.length === 0)) return ok(undefined);
    for (const { key } of again.flat()) wave.left.delete(key);
    groups = again;
  }
};

/** What this wave left itself, in the order of the plan. */
const ownLeft = (wave: Wave): LeftObject[] =>
  objectsOf(wave.params).flatMap(({ key }) => wave.left.get(key) ?? []);

/** Restores one wave of objects: waits for its gates, looks, writes. Gives what could not be written. */
export const restoreWave = async (
  context: ApplyContext,
  params: RestoreParams,
): Promise<Result<readonly LeftObject[], StepFailure>> => {
  const source: Result<ObjectSource, StepFailure> = await context.objects();
  if (!source.ok) return source;
  if (source.value.digest !== params.bundle) return err(otherBundle(params.bundle, source.value.digest));
  const kube = await context.kube();
  if (!kube.ok) return kube;
  const wave = openWave(context, params, { kube: kube.value, source: source.value });
  try {
    const gated = await passGates(wave);
    if (!gated.ok) return gated;
    const circles = await ownerCircles(wave);
    if (!circles.ok) return circles;
    wave.circles = circles.value;
    const done = await passes(wave, context.items);
    if (!done.ok) return done;
    const linked = await linkCircles(wave, circles.value);
    return linked.ok ? ok(ownLeft(wave)) : linked;
  } finally {
    wave.release();
  }
};
