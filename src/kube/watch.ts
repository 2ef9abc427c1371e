import type { IncomingMessage } from 'node:http';
import type { Clock } from '../core/ports/clock.js';
import type { KubeFailure, KubeObject, KubeRef, ListOptions, WatchEvent } from '../core/ports/kube.js';
import { err, ok, type Result } from '../core/result.js';
import type { Credentials } from './credentials.js';
import { failureOfAnswer, failureOfError } from './failure.js';
import { listAll } from './list.js';
import { listMembers, query, resourcePath } from './paths.js';
import { openRequest } from './request.js';

/** The server ends a quiet watch after this long; we end it a little later when even that does not arrive. */
const SERVER_TIMEOUT_S = 240;
const INACTIVITY_MS = (SERVER_TIMEOUT_S + 30) * 1000;

interface RawEvent {
  readonly type: string;
  readonly object: KubeObject & { readonly code?: number; readonly message?: string };
}

const parseEvent = (line: string): RawEvent | undefined => {
  try {
    return JSON.parse(line) as RawEvent;
  } catch {
    return undefined;
  }
};

const bodyOf = async (answer: IncomingMessage): Promise<string> => {
  let text = '';
  for await (const chunk of answer) text += String(chunk);
  return text;
};

/**
 * Lines of an answer; ends when the connection is cut or nothing at all arrives for too long, so that half-open
 * connections die. (readline would wait for ever on a stream that closes without an end.)
 */
async function* lines(answer: IncomingMessage, inactivityMs: number): AsyncGenerator<string> {
  answer.setTimeout(inactivityMs, () => answer.destroy());
  answer.setEncoding('utf8');
  let rest = '';
  try {
    for await (const chunk of answer) {
      const parts = (rest + String(chunk)).split('\n');
      rest = parts.pop() ?? '';
      yield* parts.filter((part) => part !== '');
    }
  } catch {
    // The caller reconnects from where it was.
  } finally {
    answer.destroy();
  }
}

/** One watch: what is watched, where in history it is, and with which clock. */
interface Watch {
  readonly credentials: Credentials;
  readonly resource: KubeRef['resource'];
  readonly options: ListOptions & { readonly signal: AbortSignal };
  readonly clock: Clock;
  /** Silence after which a connection counts as dead. */
  readonly inactivityMs?: number;
  version: string | undefined;
}

/** One connection: events until it ends. Returns the failure that ended it; undefined = it may be continued. */
async function* follow(watch: Watch): AsyncGenerator<WatchEvent, KubeFailure | undefined> {
  const { options, clock } = watch;
  const members = {
    watch: true,
    allowWatchBookmarks: true,
    resourceVersion: watch.version,
    timeoutSeconds: SERVER_TIMEOUT_S,
  };
  const path =
    resourcePath(watch.resource, options.namespace) + query({ ...listMembers(options), ...members });
  let answer: IncomingMessage;
  try {
    const opened = await openRequest(watch.credentials, { method: 'GET', path }, options.signal);
    if (!opened.ok) return opened.error;
    answer = opened.value;
  } catch (reason) {
    return failureOfError(reason);
  }
  if (answer.statusCode !== 200) {
    return failureOfAnswer(
      answer.statusCode ?? 0,
      await bodyOf(answer),
      answer.headers['retry-after'],
      clock.now(),
    );
  }
  for await (const line of lines(answer, watch.inactivityMs ?? INACTIVITY_MS)) {
    const event = parseEvent(line);
    if (event === undefined) return undefined;
    if (event.type === 'ERROR')
      return failureOfAnswer(event.object.code ?? 500, JSON.stringify(event.object), undefined, clock.now());
    watch.version = event.object.metadata.resourceVersion;
    if (event.type === 'ADDED' || event.type === 'MODIFIED' || event.type === 'DELETED')
      yield { type: event.type, object: event.object };
  }
  return undefined;
}

/** A full list when there is no place in history yet, then the changes of one connection. */
async function* round(watch: Watch): AsyncGenerator<WatchEvent, KubeFailure | undefined> {
  if (watch.version === undefined) {
    const list = await listAll(watch.credentials, watch.resource, watch.options, watch.clock);
    if (!list.ok) return list.error;
    watch.version = list.value.resourceVersion;
    yield { type: 'RELISTED', items: list.value.items };
  }
  return yield* follow(watch);
}

const PERMANENT: readonly KubeFailure['kind'][] = [
  'unauthorized',
  'forbidden',
  'not-found',
  'invalid',
  'tls',
];

/**
 * Watches until the signal aborts. Begins with a full list (`RELISTED`), then gives every change once; reconnects
 * with back-off, resumes from the last version (bookmarks included) and lists anew when that is gone (410).
 */
export async function* watchResource(
  start: Omit<Watch, 'version'>,
): AsyncGenerator<Result<WatchEvent, KubeFailure>> {
  const watch: Watch = { ...start, version: undefined };
  const { signal } = watch.options;
  const cut = (): boolean => signal.aborted;
  let failures = 0;
  while (!cut()) {
    const events = round(watch);
    let step = await events.next();
    for (; step.done !== true; step = await events.next()) {
      failures = 0;
      yield ok(step.value);
    }
    const failure = step.value;
    if (failure === undefined || cut()) continue;
    if (PERMANENT.includes(failure.kind)) {
      yield err(failure);
      return;
    }
    if (failure.kind === 'gone') watch.version = undefined;
    failures += 1;
    await watch.clock
      .delay(failure.retryAfterMs ?? Math.min(100 * 2 ** failures, 10_000), signal)
      .catch(() => undefined);
  }
}
