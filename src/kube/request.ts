import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { CallOptions, KubeFailure } from '../core/ports/kube.js';
import { err, ok, type Result } from '../core/result.js';
import { type JoinedSignal, joinSignals } from '../core/signals.js';
import type { Credentials } from './credentials.js';
import { failureOfAnswer, failureOfError } from './failure.js';

export interface KubeRequest extends CallOptions {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: string;
  readonly contentType?: string;
}

const DEFAULT_TIMEOUT_MS = 30_000;

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

/** Opens a request and resolves with the answer's head, for bodies that are streamed (watch). Rejects as sockets do. */
export const openRequest = async (
  credentials: Credentials,
  call: KubeRequest,
  signal: AbortSignal,
): Promise<Result<IncomingMessage, KubeFailure>> => {
  const authorized = await credentials.authorize();
  if (!authorized.ok) return authorized;
  const { agent, headers } = authorized.value;
  const url = new URL(credentials.server + call.path);
  const secure = url.protocol === 'https:';
  const answered = await new Promise<IncomingMessage>((resolve, reject) => {
    const options = {
      method: call.method,
      signal,
      headers: {
        accept: 'application/json',
        ...headers,
        ...(call.body === undefined
          ? {}
          : {
              'content-type': call.contentType ?? 'application/json',
              'content-length': Buffer.byteLength(call.body),
            }),
      },
    };
    const outgoing = secure
      ? httpsRequest(url, { ...options, agent }, resolve)
      : httpRequest(url, options, resolve);
    outgoing.on('error', reject);
    outgoing.end(call.body);
  });
  return ok(answered);
};

/** One request and its whole answer. */
export const send = async (
  credentials: Credentials,
  call: KubeRequest,
  now: () => number,
): Promise<Result<string, KubeFailure>> => {
  const limit = joinSignals([call.signal], call.timeoutMs ?? DEFAULT_TIMEOUT_MS);
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

/** Like {@link send}, with the answer parsed. */
export const sendJson = async <T>(
  credentials: Credentials,
  call: KubeRequest,
  now: () => number,
): Promise<Result<T, KubeFailure>> => {
  const result = await send(credentials, call, now);
  if (!result.ok) return result;
  try {
    return ok(JSON.parse(result.value) as T);
  } catch {
    return err({ kind: 'server', message: 'the answer is not JSON', causes: [] });
  }
};
