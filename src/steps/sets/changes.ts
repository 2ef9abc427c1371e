import { sentence } from '../../core/text.js';
import type { Change } from '../change.js';
import type { FieldDiff, LiveObject, LiveSet } from './live-set.js';
import type { SetParams } from './params.js';

const fieldLine = (key: string, { path, before, after }: FieldDiff): Change => ({
  kind: 'change',
  what: `${key} ${path}`,
  ...(before === undefined && after === undefined
    ? { sensitive: true }
    : { before: before ?? 'nothing', after: after ?? 'nothing' }),
});

const linesOf = ({ key, verdict, diff, conflicts, why }: LiveObject): readonly Change[] => {
  const takenOver: readonly Change[] =
    conflicts.length === 0
      ? []
      : [{ kind: 'warn', what: `${key}: what ${sentence(conflicts)} set there is taken over` }];
  switch (verdict) {
    case 'keep':
      return [];
    case 'create':
      return [{ kind: 'add', what: key }];
    case 'later':
      return [{ kind: 'unknown', what: key }];
    case 'prune':
      return [{ kind: 'remove', what: key }];
    case 'update':
      return [...takenOver, ...diff.map((field) => fieldLine(key, field))];
    case 'refused':
      return [{ kind: 'warn', what: `${key}: the API refuses it`, after: why ?? 'without a reason' }];
  }
};

/** What applying a set does, object by object and field by field. */
export const setChanges = (
  state: LiveSet | undefined,
  { set, digest, objects }: SetParams,
): readonly Change[] => {
  // Another set than the plan was made for tells nothing about this one.
  if (state === undefined || state.digest !== digest)
    return [
      { kind: 'unknown', what: objects === 0 ? `what is left of ${set}` : `${objects} objects of ${set}` },
    ];
  return state.objects.flatMap(linesOf);
};
