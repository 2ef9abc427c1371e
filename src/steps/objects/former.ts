import type { Json } from '../../core/canonical.js';
import type { KubeObject } from '../../core/ports/kube.js';
import { err, ok, type Result } from '../../core/result.js';
import type { StepFailure } from '../failure.js';
import type { Sealer } from './source.js';

/** State of an object that is changed, as the journal keeps it: sealed, because it may hold secrets. */
export type Former = {
  readonly uid: string;
  readonly sealed: string;
  /** It was removed, not changed. */
  readonly pruned?: true;
};

export const isFormer = (before: Json): before is Former =>
  typeof before === 'object' && before !== null && 'sealed' in before && 'uid' in before;

/** Where a state stands in a journal: a seal is bound to it, so that states cannot be exchanged. */
export interface FormerPlace {
  readonly run: string;
  readonly key: string;
}

const placeText = ({ run, key }: FormerPlace): string => `${run}#${key}`;

export const sealFormer = (source: Sealer, place: FormerPlace, live: KubeObject): Former => ({
  uid: live.metadata.uid ?? '',
  sealed: source.seal(placeText(place), live as unknown as Json),
});

/** Opens a former state; fails when no source is there to open it, or another one than sealed it. */
export const openFormer = (
  source: Sealer | undefined,
  place: FormerPlace,
  { sealed }: Former,
): Result<KubeObject, StepFailure> => {
  const opened = source?.open(placeText(place), sealed) as unknown as KubeObject | undefined;
  return opened === undefined
    ? err({
        class: 'permanent',
        code: 'objects-former-sealed',
        message: `the former state of ${place.key} does not open with the key that is here`,
      })
    : ok(opened);
};
