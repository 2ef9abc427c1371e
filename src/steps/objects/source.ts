import type { CarriedObject } from '../../bundle/model/carried-object.js';
import type { Json } from '../../core/canonical.js';
import type { Result } from '../../core/result.js';
import type { StepFailure } from '../failure.js';

/** Seals states of objects that a run found, because they may hold secrets. */
export interface Sealer {
  /** `place` is bound into what is sealed: elsewhere it does not open. */
  readonly seal: (place: string, value: Json) => string;
  /** Undefined = it was sealed with another key or for another place, or was changed. */
  readonly open: (place: string, sealed: string) => Json | undefined;
}

/**
 * Where a step gets the objects that it writes. They are read when they are asked for, and kept by nobody. Seals with
 * the bundle’s data key.
 */
export interface ObjectSource extends Sealer {
  /** Digest of the bundle behind it. */
  readonly digest: string;
  /** An object by its key on the target; undefined = there is none. */
  readonly get: (key: string) => Promise<Result<CarriedObject | undefined, StepFailure>>;
  /** Key on the target of the object that has this UID in the source. */
  readonly keyOfUid: (uid: string) => string | undefined;
}
