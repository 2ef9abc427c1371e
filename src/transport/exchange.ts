import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import type { HostTarget, Script, TransportFailure } from '../core/ports/transport.js';
import { err, ok, type Result } from '../core/result.js';
import { deferred } from './deferred.js';
import { brokenFailure, failure, openFailure } from './failure.js';
import { findEnd, findReady, loaderCommand, markerOf, type Ready } from './loader.js';
import { clientArguments } from './ssh-arguments.js';

export interface ExchangeOptions {
  readonly target: HostTarget;
  readonly script: Script;
  /** Socket of the connection to borrow. */
  readonly socket: string;
  readonly nonce: string;
  readonly outputLimit: number;
  readonly env: NodeJS.ProcessEnv;
  /** Stdin stays open after the data. */
  readonly talking: boolean;
  /** Gets the script's stdout as it comes (with the loader's last line); otherwise it is collected. */
  readonly onOutput?: (chunk: Buffer) => void;
}

/** What a script left behind when it ended. */
export interface Ended {
  readonly status: number;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

/** One script on one host, from the loader's first word to its last. */
export interface Exchange {
  readonly marker: string;
  /** Resolves when the loader is ready and the script is on its way. */
  readonly started: Promise<Result<Ready, TransportFailure>>;
  readonly ended: Promise<Result<Ended, TransportFailure>>;
  readonly stdin: NodeJS.WritableStream;
  /** Cuts the exchange; it ends with this failure. Does not reach for the remote process. */
  readonly stop: (because: TransportFailure) => void;
}

/** More than this before the loader speaks is no login banner. */
const BANNER_LIMIT = 64 * 1024;
/** How long a finished script may keep the connection's streams open, e.g. through a daemon it left behind. */
const STRAGGLER_MS = 1000;
const TAIL = 96;

interface State {
  ready: Ready | undefined;
  stopped: TransportFailure | undefined;
  bytes: number;
  banner: Buffer;
  readonly stdout: Buffer[];
  readonly stderr: Buffer[];
  stdoutTail: Buffer;
  stderrTail: Buffer;
}

const newState = (): State => ({
  ready: undefined,
  stopped: undefined,
  bytes: 0,
  banner: Buffer.alloc(0),
  stdout: [],
  stderr: [],
  stdoutTail: Buffer.alloc(0),
  stderrTail: Buffer.alloc(0),
});

const extendTail = (tail: Buffer, chunk: Buffer): Buffer =>
  chunk.length >= TAIL ? chunk.subarray(-TAIL) : Buffer.concat([tail, chunk]).subarray(-TAIL);

const isComplete = (state: State, marker: string): boolean =>
  findEnd(state.stdoutTail, marker) !== undefined && findEnd(state.stderrTail, marker) !== undefined;

const withoutEnd = (received: Buffer, marker: string): Buffer =>
  received.subarray(0, findEnd(received, marker)?.at ?? received.length);

/** What the script itself printed on stderr: without the words of login scripts and of the loader. */
const ownStderr = (received: Buffer, marker: string): Buffer =>
  withoutEnd(received.subarray(findReady(received, marker)?.rest ?? 0), marker);

const outcome = (
  state: State,
  options: ExchangeOptions,
  code: number | null,
): Result<Ended, TransportFailure> => {
  const marker = markerOf(options.nonce);
  const stderr = Buffer.concat(state.stderr);
  const end = findEnd(stderr, marker);
  if (end?.status !== undefined && state.stopped === undefined) {
    const stdout = withoutEnd(Buffer.concat(state.stdout), marker);
    return ok({ status: end.status, stdout, stderr: ownStderr(stderr, marker) });
  }
  if (state.stopped !== undefined) return err({ ...state.stopped, notStarted: state.ready === undefined });
  if (end !== undefined) return err(failure(options.target, 'protocol', 'the script did not arrive whole'));
  if (state.ready !== undefined)
    return err(brokenFailure(options.target, ownStderr(stderr, marker).toString('utf8'), code));
  return err(openFailure(options.target, stderr.toString('utf8'), state.banner.toString('utf8')));
};

const sendScript = (child: ChildProcessWithoutNullStreams, { script, talking }: ExchangeOptions): void => {
  child.stdin.write(script.text);
  if (script.data !== undefined) child.stdin.write(script.data);
  if (!talking) child.stdin.end();
};

const spawnClient = (options: ExchangeOptions): ChildProcessWithoutNullStreams => {
  const { target, socket, nonce, script } = options;
  const bytes = Buffer.byteLength(script.text);
  const command = loaderCommand({ nonce, bytes, sudo: target.sudo === true });
  return spawn('ssh', [...clientArguments(target, socket), command], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: options.env,
    detached: true,
  });
};

/** Feeds what arrives on stdout into the state; returns true when the loader has just become ready. */
const receive = (state: State, options: ExchangeOptions, chunk: Buffer): boolean => {
  if (state.ready !== undefined) {
    state.stdoutTail = extendTail(state.stdoutTail, chunk);
    if (options.onOutput === undefined) state.stdout.push(chunk);
    else options.onOutput(chunk);
    return false;
  }
  state.banner = Buffer.concat([state.banner, chunk]);
  const found = findReady(state.banner, markerOf(options.nonce));
  if (found === undefined) return false;
  state.ready = found.ready;
  const rest = state.banner.subarray(found.rest);
  if (rest.length > 0) receive(state, options, rest);
  return true;
};

const limitFailure = (target: HostTarget, script: Script, limit: number): TransportFailure =>
  failure(target, 'output-limit', `${script.title} printed more than ${limit} bytes`, false);

/** Starts a script over a standing connection. Never rejects. */
export const startExchange = (options: ExchangeOptions): Exchange => {
  const state = newState();
  const marker = markerOf(options.nonce);
  const started = deferred<Result<Ready, TransportFailure>>();
  const ended = deferred<Result<Ended, TransportFailure>>();
  const child = spawnClient(options);

  const settle = (code: number | null): void => {
    const result = outcome(state, options, code);
    ended.resolve(result);
    if (!result.ok) started.resolve(result);
  };
  const stop = (because: TransportFailure): void => {
    state.stopped ??= because;
    child.kill('SIGTERM');
    child.stdout.destroy();
    child.stderr.destroy();
    settle(null);
  };
  const account = (chunk: Buffer): void => {
    state.bytes += chunk.length;
    const limit = state.ready === undefined ? BANNER_LIMIT : options.outputLimit;
    if (state.bytes > limit) stop(limitFailure(options.target, options.script, limit));
    else if (isComplete(state, marker)) {
      settle(0);
      setTimeout(() => child.kill('SIGTERM'), STRAGGLER_MS).unref();
    }
  };

  child.stdout.on('data', (chunk: Buffer) => {
    if (receive(state, options, chunk) && state.ready !== undefined) {
      sendScript(child, options);
      started.resolve(ok(state.ready));
    }
    account(chunk);
  });
  child.stderr.on('data', (chunk: Buffer) => {
    state.stderr.push(chunk);
    state.stderrTail = extendTail(state.stderrTail, chunk);
    account(chunk);
  });
  // A script may end without reading its input.
  child.stdin.on('error', () => undefined);
  child.once('error', () =>
    stop(failure(options.target, 'no-client', 'the program ssh could not be started')),
  );
  child.once('close', (code) => settle(code));
  return { marker, started: started.promise, ended: ended.promise, stdin: child.stdin, stop };
};
