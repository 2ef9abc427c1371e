import type { Kube } from '../../core/ports/kube.js';
import type { Sealer } from '../objects/source.js';
import type { ApplyContext } from '../step.js';
import type { ObjectSet } from './object-set.js';

/** A set on its way into the cluster. */
export interface Writing {
  readonly context: ApplyContext;
  readonly kube: Kube;
  readonly sealer: Sealer;
  readonly set: ObjectSet;
  /** How long its workloads may take to get ready, in milliseconds. */
  readonly readyMs: number;
}
