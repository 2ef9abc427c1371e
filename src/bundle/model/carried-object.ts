import type { KubeObject } from '../../core/ports/kube.js';
import type { Reference } from '../references/reference.js';

/** An object on its way from one cluster to another. It holds opened secrets: in memory only, never in a plan. */
export interface CarriedObject {
  /** `idText` of the object as the target will have it. */
  readonly key: string;
  /** Transformed, secrets opened. */
  readonly object: KubeObject;
  /** UID in the source: owner references of others name it. Absent for secrets that the spec makes. */
  readonly uid?: string;
  /** What it names, as the target will have it. */
  readonly references: readonly Reference[];
}
