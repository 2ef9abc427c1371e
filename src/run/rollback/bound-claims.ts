import type { Action } from '../../plan/model.js';
import { isFormer } from '../../steps/objects/former.js';
import { itemsOf } from './items-of.js';
import type { UndoInput } from './undo-input.js';

/** Claims that an action made, by the run's journal, and that have a volume now: `NAMESPACE/NAME`. */
export const boundClaims = (
  { events, cluster }: Pick<UndoInput, 'events' | 'cluster'>,
  action: Pick<Action, 'id' | 'scope'>,
): readonly string[] => {
  if (action.scope !== 'cluster' || cluster === undefined) return [];
  const bound = new Set(cluster.volumes.map(({ claim }) => claim));
  return itemsOf(events, action.id).flatMap(({ key, before }) => {
    const [namespace, kind, name] = key.split('/');
    const claim = `${namespace}/${name}`;
    return kind === 'PersistentVolumeClaim' && !isFormer(before) && bound.has(claim) ? [claim] : [];
  });
};
