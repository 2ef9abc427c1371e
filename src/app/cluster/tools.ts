import type { Emit } from '../../core/events/event.js';
import type { Clock } from '../../core/ports/clock.js';
import type { Files } from '../../core/ports/files.js';
import type { Random } from '../../core/ports/random.js';
import type { Secrets } from '../../core/ports/secrets.js';
import type { Transport } from '../../core/ports/transport.js';
import type { Instruments } from '../doctor/tools.js';
import type { OperatorMachine } from './operator/machine.js';
import type { SetSource } from './sets/set-source.js';

/** What planning and running need of the outside. Made in wiring.ts, faked by tests. */
export interface ClusterTools {
  readonly transport: Transport;
  readonly instruments: Instruments;
  readonly clock: Clock;
  readonly random: Random;
  readonly files: Files;
  readonly secrets: Secrets;
  /** The machine that Drover runs on. */
  readonly machine: OperatorMachine;
  /** The sealed store behind `secrets`. */
  readonly secretsFile: string;
  /** The object sets that the spec asks for; absent = none, as in a migration. */
  readonly sets?: SetSource;
  readonly emit: Emit;
  /** Aborted by the first Ctrl-C: finish what runs, start nothing new. */
  readonly soft: AbortSignal;
  /** Aborted by the second: cut what runs. */
  readonly hard: AbortSignal;
  readonly realm: string;
  readonly stateDir: string;
  readonly tool: string;
  /** `user@machine`: who others see as holder of the lock. */
  readonly operator: string;
}
