import type { KubeObject } from '../../core/ports/kube.js';
import type { RemovalReason } from '../model/report.js';
import type { Pattern } from './pattern.js';

/** A field that does not move along. Rules are the fall-back where managedFields say nothing. */
export interface StripRule {
  readonly path: Pattern;
  readonly reason: RemovalReason;
  /** Kept when a person wrote it. */
  readonly unlessPersons?: true;
  readonly when?: (object: KubeObject) => boolean;
}

/** Many patterns with one reason. */
export const strip = (
  reason: RemovalReason,
  paths: readonly Pattern[],
  more: Omit<StripRule, 'path' | 'reason'> = {},
): readonly StripRule[] => paths.map((path) => ({ path, reason, ...more }));
