import type { DroverError } from '../../core/error.js';
import type { Emit } from '../../core/events/event.js';
import type { Clock } from '../../core/ports/clock.js';
import type { Files } from '../../core/ports/files.js';
import type { ImageRegistry } from '../../core/ports/image-registry.js';
import type { KeyWrap } from '../../core/ports/key-wrap.js';
import type { Kube } from '../../core/ports/kube.js';
import type { Random } from '../../core/ports/random.js';
import type { Result } from '../../core/result.js';
import type { ClusterAccess } from '../../spec/schema/migration.js';

/** What carrying objects needs of the outside. Made in wiring.ts, faked by tests. */
export interface BundleTools {
  readonly connect: (access: ClusterAccess) => Promise<Result<Kube, DroverError>>;
  /** Wraps for the operator and these recipients. */
  readonly keyWrap: (recipients: readonly string[]) => KeyWrap;
  readonly clock: Clock;
  readonly random: Random;
  readonly files: Files;
  readonly registry: ImageRegistry;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  readonly tool: string;
}
