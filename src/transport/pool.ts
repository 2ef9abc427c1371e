import { setMaxListeners } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import pLimit, { type LimitFunction } from 'p-limit';
import type { Clock } from '../core/ports/clock.js';
import type { HostTarget, TransportFailure } from '../core/ports/transport.js';
import type { RealmPaths } from '../core/realm.js';
import { err, type Result } from '../core/result.js';
import { failure } from './failure.js';
import { hostKeyPolicy } from './known-hosts.js';
import type { TransportLimits } from './limits.js';
import { type Master, type MasterFailure, startMaster } from './master.js';
import { masterArguments } from './ssh-arguments.js';

export interface PoolOptions {
  readonly paths: RealmPaths;
  readonly limits: TransportLimits;
  readonly clock: Clock;
  readonly env: NodeJS.ProcessEnv;
  readonly nonce: () => string;
  /** Private directory for sockets; made on first use. */
  readonly directory: () => Promise<string>;
}

/** One host: its connection, and how much may use it at once. */
interface Entry {
  readonly index: number;
  readonly slots: LimitFunction;
  master: Promise<Result<Master, TransportFailure>> | undefined;
}

export interface Pool {
  /** The standing connection to a host, made now when there is none. */
  readonly master: (target: HostTarget) => Promise<Result<Master, TransportFailure>>;
  /** Gives up a connection that turned out to be dead, so that the next call makes a new one. */
  readonly forget: (target: HostTarget, master: Master) => Promise<void>;
  /** Places for scripts and sessions on one host. */
  readonly slots: (target: HostTarget) => LimitFunction;
  readonly dispose: () => Promise<void>;
}

const keyOf = (target: HostTarget): string =>
  JSON.stringify([
    target.name,
    target.address,
    target.user,
    target.port,
    target.identityFile,
    target.jump,
    target.fingerprints,
  ]);

/** sshd drops some connections at random while too many log in at once; the pauses before trying again. */
const SHED_PAUSES_MS = [150, 500, 1500];

export const createPool = (options: PoolOptions): Pool => {
  const entries = new Map<string, Entry>();
  const connecting = new Map<string, LimitFunction>();
  const disposal = new AbortController();
  setMaxListeners(0, disposal.signal);

  const entryOf = (target: HostTarget): Entry => {
    const key = keyOf(target);
    const known = entries.get(key);
    if (known !== undefined) return known;
    const entry: Entry = { index: entries.size, slots: pLimit(options.limits.perHost), master: undefined };
    entries.set(key, entry);
    return entry;
  };

  const connectLimit = (jump: string | undefined): LimitFunction => {
    const key = jump ?? '';
    const { connecting: direct, connectingPerJump } = options.limits;
    const limit = connecting.get(key) ?? pLimit(jump === undefined ? direct : connectingPerJump);
    connecting.set(key, limit);
    return limit;
  };

  const start = async (target: HostTarget, index: number): Promise<Result<Master, MasterFailure>> => {
    if (disposal.signal.aborted) return err(failure(target, 'cancelled', 'the transport was closed'));
    const socket = join(await options.directory(), String(index));
    // A master that was killed leaves its socket behind, and ssh would not share the connection then.
    await rm(socket, { force: true });
    const { paths, limits, env, nonce } = options;
    const policy = await hostKeyPolicy(target, paths, `${socket}.keys`);
    return startMaster(target, {
      arguments: masterArguments(target, {
        paths,
        policy,
        socket,
        connectTimeoutMs: limits.connectTimeoutMs,
      }),
      socket,
      nonce: nonce(),
      loginTimeoutMs: limits.loginTimeoutMs,
      env,
      signal: disposal.signal,
    });
  };

  const connect = async (target: HostTarget, index: number): Promise<Result<Master, TransportFailure>> => {
    for (const pause of SHED_PAUSES_MS) {
      const made = await connectLimit(target.jump)(() => start(target, index));
      if (made.ok || made.error.shed !== true) return made;
      await options.clock.delay(pause);
    }
    return connectLimit(target.jump)(() => start(target, index));
  };

  const master = async (target: HostTarget): Promise<Result<Master, TransportFailure>> => {
    const entry = entryOf(target);
    const known = entry.master;
    const made = await known;
    if (made?.ok === true && made.value.alive()) return made;
    // Whoever waits for the same connection starts it once.
    if (entry.master === known || entry.master === undefined) entry.master = connect(target, entry.index);
    const result = await entry.master;
    if (!result.ok) entry.master = undefined;
    return result;
  };

  const forget = async (target: HostTarget, dead: Master): Promise<void> => {
    const entry = entryOf(target);
    const made = await entry.master;
    if (made?.ok === true && made.value === dead) entry.master = undefined;
    await dead.close();
  };

  const dispose = async (): Promise<void> => {
    disposal.abort();
    const open = [...entries.values()].map(async (entry) => {
      const made = await entry.master;
      if (made?.ok === true) await made.value.close();
    });
    await Promise.all(open);
    entries.clear();
  };

  return { master, forget, slots: (target) => entryOf(target).slots, dispose };
};
