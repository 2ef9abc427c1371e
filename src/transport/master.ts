import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import type { HostTarget, TransportFailure } from '../core/ports/transport.js';
import { err, ok, type Result } from '../core/result.js';
import { whenAborted } from '../core/signals.js';
import { connectFailure, failure, isShed } from './failure.js';
import { markerOf } from './loader.js';

/** The process that owns the connection to one host; scripts borrow it through its socket. */
export interface Master {
  readonly socket: string;
  readonly alive: () => boolean;
  /** Ends the connection and everything that uses it. */
  readonly close: () => Promise<void>;
}

export interface MasterStart {
  readonly arguments: readonly string[];
  readonly socket: string;
  readonly nonce: string;
  readonly loginTimeoutMs: number;
  readonly env: NodeJS.ProcessEnv;
  /** Aborted when the transport is disposed of. */
  readonly signal: AbortSignal;
}

/** `shed`: the host dropped the connection before the login; trying again soon may help. */
export type MasterFailure = TransportFailure & { readonly shed?: boolean };

const KEPT = 16 * 1024;

/**
 * The connection's own session waits for the end of its stdin. So it ends with this process, however this one
 * dies, and its first line proves that the login works. A process group of its own keeps Ctrl-C away from it.
 */
const spawnMaster = (start: MasterStart): ChildProcess =>
  spawn('ssh', [...start.arguments, `sh -c 'echo ${markerOf(start.nonce)}; exec cat >/dev/null'`], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: start.env,
    detached: true,
  });

/** Keeps the last part of what a stream said. */
const tail = (stream: NodeJS.ReadableStream | null): (() => string) => {
  let text = '';
  stream?.on('data', (chunk: Buffer) => {
    text = (text + chunk.toString('utf8')).slice(-KEPT);
  });
  return () => text;
};

type Outcome = 'ready' | 'ended' | 'slow' | 'no-client' | 'not-spawned';

const outcomeOf = (child: ChildProcess, start: MasterStart, stdout: () => string): Promise<Outcome> =>
  new Promise((resolve) => {
    const timer = setTimeout(() => resolve('slow'), start.loginTimeoutMs);
    const settle = (outcome: Outcome): void => {
      clearTimeout(timer);
      resolve(outcome);
    };
    child.once('error', (error: NodeJS.ErrnoException) =>
      settle(error.code === 'ENOENT' ? 'no-client' : 'not-spawned'),
    );
    child.once('close', () => settle('ended'));
    child.stdout?.on('data', () => {
      if (stdout().includes(markerOf(start.nonce))) settle('ready');
    });
  });

const closeMaster = async (child: ChildProcess, socket: string): Promise<void> => {
  if (child.exitCode === null && child.signalCode === null) {
    const closed = once(child, 'close');
    child.kill('SIGTERM');
    await closed;
  }
  await rm(socket, { force: true });
};

const startFailure = (
  target: HostTarget,
  outcome: Exclude<Outcome, 'ready'>,
  stderr: string,
): MasterFailure => {
  switch (outcome) {
    case 'no-client':
      return failure(target, 'no-client', 'the program ssh was not found on this machine');
    case 'not-spawned':
      return failure(target, 'protocol', 'the program ssh could not be started on this machine');
    case 'slow':
      return failure(
        target,
        'timed-out',
        'the host accepts connections, but the login did not finish in time',
      );
    case 'ended':
      return { ...connectFailure(target, stderr), shed: isShed(stderr) };
  }
};

/** Connects and logs in. Resolves when the first command ran on the host, or with the reason why it did not. */
export const startMaster = async (
  target: HostTarget,
  start: MasterStart,
): Promise<Result<Master, MasterFailure>> => {
  const child = spawnMaster(start);
  const stdout = tail(child.stdout);
  const stderr = tail(child.stderr);
  const kill = (): void => void child.kill('SIGTERM');
  child.once('close', whenAborted(start.signal, kill));
  child.stdin?.on('error', () => undefined);
  const outcome = await outcomeOf(child, start, stdout);
  if (outcome !== 'ready') {
    if (outcome === 'slow') await closeMaster(child, start.socket);
    return err(startFailure(target, outcome, stderr() || stdout()));
  }
  child.stdout?.destroy();
  return ok({
    socket: start.socket,
    alive: () => child.exitCode === null && child.signalCode === null,
    close: () => closeMaster(child, start.socket),
  });
};
