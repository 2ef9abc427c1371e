import type { Emit } from '../core/events/event.js';
import type { Clock } from '../core/ports/clock.js';

/** What the lab may use of the outside world besides the machine it runs on. */
export interface LabContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly emit: Emit;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}
