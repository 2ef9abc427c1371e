import { request as httpRequest, type IncomingMessage } from 'node:http';
import { type Agent, request as httpsRequest } from 'node:https';
import type { Clock } from '../core/ports/clock.js';
import type { KubeFailure } from '../core/ports/kube.js';
import { err, ok, type Result } from '../core/result.js';
import { type JoinedSignal, joinSignals } from '../core/signals.js';
import { again, isRepeatable, type Repeated } from './again.js';
import type { Authorized, Credentials } from './credentials.js';
import { failureOfAnswer, failureOfError } from './failure.js';

export interface KubeRequest extends Repeated {
  readonly path: string;
  readonly body?: string;
}

const collect = async (answer: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
};

const cutReason = (signal: AbortSignal | undefined, limit: JoinedSignal): KubeFailure | undefined => {
  if (signal?.aborted === true) return { kind: 'cancelled', message: 'cancelled', causes: [] };
  if (limit.timedOut()) return { kind: 'timed-out', message: 'no answer within the time limit', causes: [] };
  return undefined;
};

interface Opening {
  readonly server: string;
  readonly call: KubeRequest;
  readonly signal: AbortSignal;
}

const bodyHeaders = ({ body, contentType }: KubeRequest) =>
  body === undefined
    ? {}
    : {
        'content-type': contentType ?? 'application/json',
        'content-length': Buffer.byteLength(body),
      };

/** What a proxy says of itself is told as such, or it would be taken for the API’s own word. */
const withProxy = (reason: Error, { proxy }: Authorized): Error =>
  proxy === undefined
    ? reason
    : Object.assign(new Error(`through the proxy ${proxy}: ${reason.message}`), { code: codeOf(reason) });

const codeOf = (reason: Error): unknown => ('code' in reason ? reason.code : undefined);

/** Connections without TLS and without a proxy are not pooled here. */
const agentOf = ({ agent, proxy }: Authorized): { readonly agent?: Agent } =>
  proxy === undefined ? {} : { agent };

const openWith = (authorized: Authorized, opening: Opening): Promise<IncomingMessage> => {
  const { server, call, signal } = opening;
  const url = new URL(server + call.path);
  const headers = { accept: 'application/json', ...authorized.headers, ...bodyHeaders(call) };
  const options = { method: call.method, signal, headers };
  return new Promise((resolve, reject) => {
    const outgoing =
      url.protocol === 'https:'
        ? httpsRequest(url, { ...options, agent: authorized.agent }, resolve)
        : httpRequest(url, { ...options, ...agentOf(authorized) }, resolve);
    outgoing.on('error', (reason) => {
      // The server ended an idle connection just while it was taken for this request.
      const stale = outgoing.reusedSocket && codeOf(reason) === 'ECONNRESET' && !signal.aborted;
      if (stale && isRepeatable(call)) resolve(openWith(authorized, opening));
      else reject(withProxy(reason, authorized));
    });
    outgoing.end(call.body);
  });
};

/**
 * Opens a request and resolves with the answer's head, for bodies that are streamed (watch). Rejects as sockets do.
 * Credentials that are no longer taken are asked for anew, once.
 */
export const openRequest = async (
  credentials: Credentials,
  call: KubeRequest,
  signal: AbortSignal,
): Promise<Result<IncomingMessage, KubeFailure>> => {
  const authorized = await credentials.authorize();
  if (!authorized.ok) return authorized;
  const { server } = credentials;
  const answer = await openWith(authorized.value, { server, call, signal });
  if (answer.statusCode !== 401) return ok(answer);
  const renewed = await credentials.renew(authorized.value);
  if (renewed === undefined) return ok(answer);
  answer.resume();
  return renewed.ok ? ok(await openWith(renewed.value, { server, call, signal })) : renewed;
};

/** One request and its whole answer, asked once. */
const sendOnce = async (
  credentials: Credentials,
  call: KubeRequest,
  { now, limitMs }: { readonly now: () => number; readonly limitMs: number },
): Promise<Result<string, KubeFailure>> => {
  const limit = joinSignals([call.signal], limitMs);
  try {
    const opened = await openRequest(credentials, call, limit.signal);
    if (!opened.ok) return opened;
    const answer = opened.value;
    const body = await collect(answer);
    const status = answer.statusCode ?? 0;
    if (status >= 200 && status < 300) return ok(body);
    return err(failureOfAnswer(status, body, answer.headers['retry-after'], now()));
  } catch (reason) {
    return err(cutReason(call.signal, limit) ?? failureOfError(reason));
  } finally {
    limit.release();
  }
};

/**
 * One request and its whole answer. Where the API asks to come again later, reads and writes that may be repeated are,
 * within the time limit of the call; the answer that remains says how long it would still want to wait.
 */
export const send = (
  credentials: Credentials,
  call: KubeRequest,
  clock: Clock,
): Promise<Result<string, KubeFailure>> =>
  again(call, clock, (limitMs) => sendOnce(credentials, call, { now: () => clock.now(), limitMs }));

/** Like {@link send}, with the answer parsed. */
export const sendJson = async <T>(
  credentials: Credentials,
  call: KubeRequest,
  clock: Clock,
): Promise<Result<T, KubeFailure>> => {
  const result = await send(credentials, call, clock);
  if (!result.ok) return result;
  try {
    return ok(JSON.parse(result.value) as T);
  } catch {
    return err({ kind: 'server', message: 'the answer is not JSON', causes: [] });
  }
};
