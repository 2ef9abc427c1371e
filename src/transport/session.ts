import type { HostTarget, RunOptions, Script, Session, TransportFailure } from '../core/ports/transport.js';
import { err, ok, type Result } from '../core/result.js';
import { printable } from '../core/text.js';
import { startDeadline } from './deadline.js';
import { deferred } from './deferred.js';
import type { Exchange } from './exchange.js';
import { failure } from './failure.js';
import { createLineQueue, type LineQueue } from './line-queue.js';
import { connected, dropDead, type Toolbox } from './toolbox.js';

interface Work {
  readonly script: Script;
  readonly options: RunOptions;
}

interface Open {
  readonly exchange: Exchange;
  readonly queue: LineQueue;
}

const sessionOf = (target: HostTarget, { exchange, queue }: Open): Session => {
  const outcome = exchange.ended.then((ended) =>
    ended.ok
      ? ok({ status: ended.value.status, stderr: printable(ended.value.stderr.toString('utf8')) })
      : ended,
  );
  return {
    host: target.name,
    lines: queue.lines,
    send: (line) => void exchange.stdin.write(`${line}\n`),
    close: () => {
      exchange.stdin.end();
      return outcome;
    },
    abort: () => exchange.stop(failure(target, 'cancelled', 'the session was cut', false)),
  };
};

const begin = (toolbox: Toolbox, target: HostTarget, { script, options }: Work, socket: string): Open => {
  const outputLimit = options.outputLimit ?? toolbox.limits.outputBytes;
  // Output never arrives before this function has returned.
  const onOutput = (chunk: Buffer): void => queue.push(chunk);
  const exchange = toolbox.exchange({ target, script, socket, outputLimit, talking: true, onOutput });
  const queue = createLineQueue(exchange.marker);
  void exchange.ended.then(() => queue.end());
  const deadline = startDeadline(target, script, options);
  void deadline.passed.then((why) => exchange.stop(why));
  void exchange.ended.then(() => deadline.clear());
  return { exchange, queue };
};

/** Opens a session and keeps its place on the host until it has ended and its remote processes are gone. */
const hold = async (
  toolbox: Toolbox,
  target: HostTarget,
  work: Work,
  opened: (result: Result<Session, TransportFailure>) => void,
): Promise<void> => {
  const master = await connected(toolbox, target, work);
  if (!master.ok) {
    opened(master);
    return;
  }
  const open = begin(toolbox, target, work, master.value.socket);
  const started = await open.exchange.started;
  if (started.ok) opened(ok(sessionOf(target, open)));
  const ended = await open.exchange.ended;
  if (ended.ok) return;
  if (ended.error.kind === 'mux-lost')
    await dropDead(toolbox, target, { master: master.value, why: ended.error });
  else if (started.ok)
    await toolbox.kill({
      target,
      socket: master.value.socket,
      marker: open.exchange.marker,
      ready: started.value,
    });
  if (!started.ok) opened(started);
};

const openOnce = (
  toolbox: Toolbox,
  target: HostTarget,
  work: Work,
): Promise<Result<Session, TransportFailure>> => {
  const opened = deferred<Result<Session, TransportFailure>>();
  void toolbox.pool.slots(target)(() => hold(toolbox, target, work, opened.resolve));
  return opened.promise;
};

/** `options.timeoutMs` is the life of the whole session: a dead-man's limit for scripts that wait for input. */
export const openSession = async (
  toolbox: Toolbox,
  target: HostTarget,
  work: Work,
): Promise<Result<Session, TransportFailure>> => {
  if (work.options.signal?.aborted === true)
    return err(failure(target, 'cancelled', `${work.script.title} was cancelled`));
  const first = await openOnce(toolbox, target, work);
  if (first.ok || first.error.kind !== 'mux-lost' || !first.error.notStarted) return first;
  return openOnce(toolbox, target, work);
};
