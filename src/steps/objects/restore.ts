import type { Json } from '../../core/canonical.js';
import { err, ok } from '../../core/result.js';
import { count, sentence } from '../../core/text.js';
import type { Change } from '../change.js';
import type { StepFailure } from '../failure.js';
import { defineStep } from '../step.js';
import {
  LEFT_OUTPUT,
  type LeftObject,
  leftObjectSchema,
  type ObjectVerdict,
  type PlannedObject,
  type RestoreParams,
} from './params.js';
import { proveThere } from './proof.js';
import { restoreWave } from './restore-wave.js';
import { takeBack } from './take-back.js';
import { objectsOf } from './wave.js';

type State = { readonly wave: number };

const SYMBOL: Readonly<Record<Exclude<ObjectVerdict, 'keep'>, Change['kind']>> = {
  create: 'add',
  update: 'change',
  later: 'unknown',
};

const changeOf = ({ key, verdict }: PlannedObject): readonly Change[] =>
  verdict === 'keep' ? [] : [{ kind: SYMBOL[verdict], what: key }];

/** `shop/Deployment.apps/web` → `Deployment.apps`. */
const kindOf = (key: string): string => key.split('/').at(-2) ?? '';

const titleOf = ({ wave, objects, last }: RestoreParams): string => {
  if (last) return 'Try once more what could not be written';
  const written = objects.filter(({ verdict }) => verdict !== 'keep');
  const kinds = [...new Set(written.map(({ key }) => kindOf(key)))];
  return `Wave ${wave}: ${count(written.length, 'object')} (${sentence(kinds, 4)})`;
};

const told = (left: readonly LeftObject[]): string =>
  left
    .slice(0, 20)
    .map(({ object, why }) => `${object.key}: ${why}`)
    .concat(left.length > 20 ? [`and ${left.length - 20} more`] : [])
    .join('\n');

const leftFailure = (left: readonly LeftObject[]): StepFailure => ({
  class: 'permanent',
  code: 'objects-left',
  message: `${count(left.length, 'object')} could not be written; everything else is there`,
  cause: told(left),
});

const leftIn = (outputs: Readonly<Record<string, Json>> | undefined): readonly LeftObject[] =>
  leftObjectSchema.array().parse(outputs?.[LEFT_OUTPUT] ?? []);

/**
 * Restores one wave of a bundle’s objects into the target. An object that the API refuses is left, with everything
 * that depends on it; the last wave tries those once more and fails when some stay.
 */
export const objectsRestore = defineStep<RestoreParams, State>({
  id: 'objects.restore',
  title: titleOf,
  scope: 'cluster',
  reads: [],
  risk: 'low',
  replay: 'converges',
  undo: { kind: 'inverse' },
  expected: { seconds: 10 },
  timeoutMs: 6 * 3_600_000,
  retry: 'transient',
  disruptive: false,
  // What is there was asked when the plan was made, and is asked again just before each batch.
  observe: (_world, _subject, { wave }) => ({ wave }),
  diff: (_state, params) => objectsOf(params).flatMap(changeOf),
  outputs: () => ({ [LEFT_OUTPUT]: [] }),
  apply: async (context, params) => {
    const left = await restoreWave(context, params);
    if (!left.ok) return left;
    if (left.value.length > 0)
      context.progress(
        `${count(left.value.length, 'object')} left: ${sentence(
          left.value.map(({ object }) => object.key),
          4,
        )}`,
      );
    if (params.last && left.value.length > 0) return err(leftFailure(left.value));
    return ok({ [LEFT_OUTPUT]: left.value });
  },
  verify: async (context, params) => {
    if (context.outputs === undefined) return ok({ text: 'nothing to write' });
    const left = new Set(leftIn(context.outputs).map(({ object }) => object.key));
    const kube = await context.kube();
    if (!kube.ok) return kube;
    const written = objectsOf(params).filter(({ key }) => !left.has(key));
    const proof = await proveThere(kube.value, written, context.signal);
    if (!proof.ok || left.size === 0) return proof;
    return ok({ text: `${proof.value.text}, ${left.size} left for the last wave` });
  },
  revert: (context, params) => takeBack(context, { objects: objectsOf(params), sealer: context.objects }),
});
