import { mapOf } from '../../bundle/clean/draft.js';
import type { KubeObject } from '../../core/ports/kube.js';
import type { ItemRecord } from '../items.js';
import { uidOf } from './detail.js';
import { isFormer } from './former.js';
import { isCreatedBy, othersSince } from './managers.js';

/**
 * What became of an object that a run may have written, and what going back means for it: `settled` = nothing to do,
 * `remove` = the run made it, `restore` = the run changed it, `remake` = the run removed it,
 * `foreign` = others changed or replaced it since.
 */
export type Fate =
  | { readonly kind: 'settled'; readonly why: string }
  | { readonly kind: 'remove'; readonly live: KubeObject; readonly data: boolean }
  | { readonly kind: 'restore'; readonly live: KubeObject; readonly former: KubeObject }
  | { readonly kind: 'remake'; readonly former: KubeObject }
  | {
      readonly kind: 'foreign';
      readonly why: string;
      /** What going back does when it is asked to do it all the same. */
      readonly then: Exclude<Fate, { kind: 'foreign' }>;
    };

interface Asked {
  readonly run: string;
  readonly record: ItemRecord;
  /** What is there now. */
  readonly live: KubeObject | undefined;
  /** The state that the run found, opened; undefined = there was nothing. */
  readonly former: KubeObject | undefined;
  /** Whether an object is the run’s own although its answer was lost; beside what its managers tell. */
  readonly claims?: (live: KubeObject) => boolean;
}

/** A claim that is bound has a volume, and what was written to it since. */
const holdsData = ({ kind, ...object }: KubeObject): boolean =>
  kind === 'PersistentVolumeClaim' && mapOf(object['status'])['phase'] === 'Bound';

const ofCreated = ({ run, record, live, claims }: Asked): Fate => {
  if (live === undefined) return { kind: 'settled', why: 'it is gone' };
  const uid = uidOf(record.detail);
  const own =
    uid === undefined ? isCreatedBy(live, run) || claims?.(live) === true : uid === live.metadata.uid;
  if (!own) return { kind: 'settled', why: 'another one stands there' };
  const then: Fate = { kind: 'remove', live, data: holdsData(live) };
  const others = othersSince(live, run);
  return others.length === 0 ? then : { kind: 'foreign', why: `${others.join(', ')} changed it since`, then };
};

const ofChanged = ({ run, live }: Asked, former: KubeObject): Fate => {
  if (live === undefined || live.metadata.uid !== former.metadata.uid)
    return {
      kind: 'foreign',
      why: live === undefined ? 'somebody deleted it since' : 'somebody made it anew since',
      then: { kind: 'settled', why: 'the object that the run changed is gone' },
    };
  const then: Fate = { kind: 'restore', live, former };
  const others = othersSince(live, run, former);
  return others.length === 0 ? then : { kind: 'foreign', why: `${others.join(', ')} changed it since`, then };
};

/** Judges one object of a run that is taken back. Pure. */
export const fateOf = (asked: Asked): Fate => {
  if (!isFormer(asked.record.before)) return ofCreated(asked);
  const { live, former } = asked;
  if (former !== undefined && asked.record.before.pruned === true)
    return live === undefined
      ? { kind: 'remake', former }
      : {
          kind: 'settled',
          why: live.metadata.uid === former.metadata.uid ? 'it was not removed' : 'another one stands there',
        };
  if (former === undefined) throw new Error(`no former state of ${asked.record.key}`);
  return ofChanged(asked, former);
};
