import { rm } from 'node:fs/promises';
import pLimit from 'p-limit';
import type {
  HostTarget,
  RunOptions,
  RunOutput,
  Script,
  Transport,
  TransportFailure,
} from '../core/ports/transport.js';
import { err, ok, type Result } from '../core/result.js';
import { makeControlDirectory } from './control-directory.js';
import { startDeadline } from './deadline.js';
import { failure, isSessionRefused } from './failure.js';
import { openSession } from './session.js';
import { connected, createToolbox, dropDead, type OpenSshOptions, type Toolbox } from './toolbox.js';

export type { OpenSshOptions };

/** One attempt to run a script, from the connection to its end. */
const attempt = async (
  toolbox: Toolbox,
  target: HostTarget,
  { script, options }: { readonly script: Script; readonly options: RunOptions },
): Promise<Result<RunOutput, TransportFailure>> => {
  const begin = toolbox.clock.monotonic();
  const master = await connected(toolbox, target, { script, options });
  if (!master.ok) return master;
  const { socket } = master.value;
  const deadline = startDeadline(target, script, options);
  try {
    const outputLimit = options.outputLimit ?? toolbox.limits.outputBytes;
    const exchange = toolbox.exchange({ target, script, socket, outputLimit });
    void deadline.passed.then((why) => exchange.stop(why));
    const started = await exchange.started;
    const readyMs = toolbox.clock.monotonic() - begin;
    const ended = await exchange.ended;
    if (ended.ok) return ok({ ...ended.value, readyMs, durationMs: toolbox.clock.monotonic() - begin });
    if (ended.error.kind === 'mux-lost')
      await dropDead(toolbox, target, { master: master.value, why: ended.error });
    else if (started.ok)
      await toolbox.kill({ target, socket, marker: exchange.marker, ready: started.value });
    return ended;
  } finally {
    deadline.clear();
  }
};

/** Runs a script; once more when the shared connection was lost before the script could begin. */
const runScript = async (
  toolbox: Toolbox,
  target: HostTarget,
  work: { readonly script: Script; readonly options: RunOptions },
): Promise<Result<RunOutput, TransportFailure>> => {
  const slots = toolbox.pool.slots(target);
  const once = (): Promise<Result<RunOutput, TransportFailure>> =>
    slots(() => attempt(toolbox, target, work));
  let result = await once();
  // sshd allows fewer sessions than usual: take fewer, as long as there is somebody else to wait for.
  while (!result.ok && isSessionRefused(result.error) && slots.concurrency > 1) {
    slots.concurrency -= 1;
    result = await once();
  }
  if (result.ok || result.error.kind !== 'mux-lost' || !result.error.notStarted) return result;
  return once();
};

/**
 * The way to hosts over the system's OpenSSH: one connection per host (ControlMaster), each script a session on
 * it. The master processes end with this process, however it ends.
 */
export const createOpenSshTransport = (options: OpenSshOptions): Transport => {
  let made: Promise<string> | undefined;
  const directory = (): Promise<string> => (made ??= makeControlDirectory(options.paths.controlDir));
  const toolbox = createToolbox(options, directory);
  const running = pLimit(toolbox.limits.running);
  /** Shares nothing with the connections that are open already. */
  const runFresh: Transport['run'] = async (target, script, { fresh: _, ...runOptions }) => {
    const own = createOpenSshTransport(options);
    try {
      return await own.run(target, script, runOptions);
    } finally {
      await own.dispose();
    }
  };
  return {
    run: (target, script, runOptions) =>
      running(() => {
        if (runOptions.fresh === true) return runFresh(target, script, runOptions);
        if (runOptions.signal?.aborted === true)
          return Promise.resolve(err(failure(target, 'cancelled', `${script.title} was cancelled`)));
        return runScript(toolbox, target, { script, options: runOptions });
      }),
    open: (target, script, runOptions) => openSession(toolbox, target, { script, options: runOptions }),
    dispose: async () => {
      await toolbox.settled();
      await toolbox.pool.dispose();
      if (made !== undefined) await rm(await made, { recursive: true, force: true });
    },
  };
};
