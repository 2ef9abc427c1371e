import type { Emit } from '../../core/events/event.js';
import type { Clock } from '../../core/ports/clock.js';
import type { Random } from '../../core/ports/random.js';
import type { Transport } from '../../core/ports/transport.js';

/** What reads and probes hosts. */
export interface InstrumentParts {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}
