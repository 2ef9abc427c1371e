import type { Clock } from '../core/ports/clock.js';
import type { Random } from '../core/ports/random.js';
import type { HostTarget, RunOptions, Script, TransportFailure } from '../core/ports/transport.js';
import type { RealmPaths } from '../core/realm.js';
import { err, type Result } from '../core/result.js';
import { startDeadline } from './deadline.js';
import { type Exchange, startExchange } from './exchange.js';
import { isSessionRefused } from './failure.js';
import { DEFAULT_LIMITS, type TransportLimits } from './limits.js';
import { killScript, type Ready } from './loader.js';
import type { Master } from './master.js';
import { createPool, type Pool } from './pool.js';

export interface OpenSshOptions {
  readonly paths: RealmPaths;
  readonly clock: Clock;
  readonly random: Random;
  /** Environment of the ssh processes (HOME, SSH_AUTH_SOCK, PATH). Default: that of this process. */
  readonly env?: NodeJS.ProcessEnv;
  readonly limits?: Partial<TransportLimits>;
}

/** What runs and sessions share. */
export interface Toolbox {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly limits: TransportLimits;
  readonly exchange: (request: ExchangeRequest) => Exchange;
  /** Ends the process group of a run that was given up, over a second channel of the same connection. */
  readonly kill: (run: GivenUp) => Promise<void>;
  /** Resolves when no `kill` is under way. */
  readonly settled: () => Promise<void>;
}

/** A run that was stopped here while it went on there. */
export interface GivenUp {
  readonly target: HostTarget;
  readonly socket: string;
  readonly marker: string;
  readonly ready: Ready;
}

export interface ExchangeRequest {
  readonly target: HostTarget;
  readonly script: Script;
  readonly socket: string;
  readonly outputLimit: number;
  readonly talking?: boolean;
  readonly onOutput?: (chunk: Buffer) => void;
}

const KILL_TIMEOUT_MS = 5000;

type StartExchange = Toolbox['exchange'];

const killOver = async (
  exchange: StartExchange,
  { target, socket, marker, ready }: GivenUp,
): Promise<void> => {
  const script = { title: 'ending a process', text: killScript(ready, marker) };
  const killer = exchange({ target, socket, script, outputLimit: 65_536 });
  const deadline = startDeadline(target, script, { timeoutMs: KILL_TIMEOUT_MS });
  void deadline.passed.then((why) => killer.stop(why));
  await killer.ended;
  deadline.clear();
};

/** `directory` makes the private directory of the sockets when it is first needed. */
export const createToolbox = (options: OpenSshOptions, directory: () => Promise<string>): Toolbox => {
  const { clock, random, paths } = options;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const env = { ...(options.env ?? process.env), LC_ALL: 'C' };
  const nonce = (): string => Buffer.from(random.bytes(12)).toString('hex');
  const exchange: StartExchange = (request) =>
    startExchange({ ...request, nonce: nonce(), env, talking: request.talking === true });
  const kills = new Set<Promise<void>>();
  return {
    pool: createPool({ paths, limits, clock, env, nonce, directory }),
    clock,
    limits,
    exchange,
    kill: (run) => {
      const killing = killOver(exchange, run).finally(() => kills.delete(killing));
      kills.add(killing);
      return killing;
    },
    settled: async () => {
      await Promise.all(kills);
    },
  };
};

/** After `mux-lost`: the connection is given up, unless it was only full. */
export const dropDead = async (
  toolbox: Toolbox,
  target: HostTarget,
  lost: { readonly master: Master; readonly why: TransportFailure },
): Promise<void> => {
  if (!isSessionRefused(lost.why)) await toolbox.pool.forget(target, lost.master);
};

/**
 * The connection to a host, unless the signal comes first. Connecting has time limits of its own, and waiting for
 * one's turn is no fault of the host: a run's own time begins afterwards.
 */
export const connected = async (
  toolbox: Toolbox,
  target: HostTarget,
  { script, options }: { readonly script: Script; readonly options: RunOptions },
): Promise<Result<Master, TransportFailure>> => {
  const { signal } = options;
  const abort = startDeadline(target, script, signal === undefined ? {} : { signal });
  const master = await Promise.race([toolbox.pool.master(target), abort.passed.then(err)]);
  abort.clear();
  return master;
};
