import { rankOf, stageOf } from '../../bundle/order/stages.js';
import type { KubeObject, KubeResource } from '../../core/ports/kube.js';
import { err, type Result } from '../../core/result.js';
import type { StepFailure } from '../failure.js';
import type { ItemRecord } from '../items.js';
import { failureOfKube } from '../kube-failure.js';
import type { Sought } from '../objects/live.js';
import { APPLIER } from '../objects/managers.js';
import { takeBack } from '../objects/take-back.js';
import type { ApplyContext } from '../step.js';
import { addressOf } from './assess.js';
import { SET_ANNOTATION } from './object-set.js';
import type { SetParams } from './params.js';

interface Named {
  readonly kind: string;
  readonly group: string;
  readonly namespace: string | undefined;
  readonly name: string;
}

/** `shop/Deployment.apps/web`, `Namespace/shop`. */
const namedBy = (key: string): Named => {
  const parts = key.split('/');
  const name = parts.at(-1) ?? '';
  const [kind = '', ...group] = (parts.at(-2) ?? '').split('.');
  return { kind, group: group.join('.'), namespace: parts.at(-3), name };
};

/** Objects of a kind that is no longer served are gone with it. */
const soughtBy =
  (kinds: readonly KubeResource[]) =>
  (key: string): readonly Sought[] => {
    const { kind, group, namespace, name } = namedBy(key);
    const resource = kinds.find((each) => each.kind === kind && each.group === group && each.preferred);
    if (resource === undefined) return [];
    return [{ key, ref: addressOf({ resource, name, ...(namespace === undefined ? {} : { namespace }) }) }];
  };

const stageOfKey = (key: string): number => {
  const { kind, group, name } = namedBy(key);
  const apiVersion = group === '' ? 'v1' : `${group}/v1`;
  return rankOf(stageOf({ apiVersion, kind, metadata: { name } }));
};

const byStage = (keys: readonly string[]): readonly (readonly string[])[] => {
  const stages = [...new Set(keys.map(stageOfKey))].sort((a, b) => a - b);
  return stages.map((stage) => keys.filter((key) => stageOfKey(key) === stage));
};

const wasPruned = ({ before }: ItemRecord): boolean =>
  typeof before === 'object' && before !== null && 'pruned' in before && before.pruned === true;

/**
 * What was made goes, last things first: an operator goes after what it has to clean up, a namespace after what is in it.
 * Then what was removed comes back, first things first.
 */
const grouped = (records: readonly ItemRecord[]): readonly (readonly string[])[] => {
  const keys = (pruned: boolean): readonly string[] =>
    records.filter((record) => wasPruned(record) === pruned).map(({ key }) => key);
  return [...[...byStage(keys(false))].reverse(), ...byStage(keys(true))];
};

/** Applied by Drover for this set: the run’s own, because nothing of that name was there when it looked. */
const isOfSet =
  (set: string) =>
  ({ metadata }: KubeObject): boolean =>
    metadata.annotations?.[SET_ANNOTATION] === set &&
    Array.isArray(metadata['managedFields']) &&
    metadata['managedFields'].some((entry: { readonly manager?: string }) => entry.manager === APPLIER);

/** Takes an application of a set back: what it made goes, what it changed or removed is again what it was. */
export const takeSetBack = async (
  context: ApplyContext,
  { set }: SetParams,
): Promise<Result<void, StepFailure>> => {
  const { takesBack } = context;
  if (takesBack === undefined) throw new Error('only a way back takes a set back');
  const records = await context.itemsOf(takesBack.run, takesBack.action);
  if (!records.ok) return records;
  const kube = await context.kube();
  if (!kube.ok) return kube;
  const kinds = await kube.value.discover({ signal: context.signal });
  if (!kinds.ok) return err(failureOfKube(kinds.error, 'the kinds of the cluster cannot be read'));
  const sought = soughtBy(kinds.value);
  const objects = records.value.flatMap(({ key }) => sought(key));
  const served = new Set(objects.map(({ key }) => key));
  return takeBack(context, {
    objects,
    sealer: context.sealer,
    claims: isOfSet(set),
    groups: () => grouped(records.value.filter(({ key }) => served.has(key))),
  });
};
