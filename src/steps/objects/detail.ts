import type { KubeObject } from '../../core/ports/kube.js';
import { heldBack, heldText, type Treatment } from './prepare.js';

/** Word of the journal about an object that was written: its UID first, then what was held back of it. */
export const detailOf = (live: KubeObject, carried: KubeObject, treatment: Treatment): string => {
  const value = heldBack(carried, treatment);
  return [`uid ${live.metadata.uid ?? ''}`, ...(value === undefined ? [] : [heldText(value)])].join(', ');
};

/** UID of an object by its word in the journal; undefined when nobody knows whether it was written. */
export const uidOf = (detail: string | undefined): string | undefined =>
  /^uid ([^ ,]+)/.exec(detail ?? '')?.[1];
