import { type RawData, WebSocket } from 'ws';
import type { KubeFailure } from '../core/ports/kube.js';
import { err, ok, type Result } from '../core/result.js';
import { whenAborted } from '../core/signals.js';
import type { Authorized, Credentials } from './credentials.js';
import { failureOfAnswer, failureOfError } from './failure.js';

/** Numbers of the streams inside one exec connection (v4 and v5 channel protocols). */
export const CHANNEL = { stdin: 0, stdout: 1, stderr: 2, status: 3, close: 255 } as const;

interface SocketRequest {
  readonly url: string;
  readonly protocols: readonly string[];
  readonly signal: AbortSignal;
}

const openWith = ({ headers, tls, agent, proxy }: Authorized, request: SocketRequest) =>
  new Promise<Result<WebSocket, KubeFailure>>((resolve) => {
    const way = proxy === undefined ? tls : { agent };
    const socket = new WebSocket(request.url, [...request.protocols], { headers, ...way });
    const abort = (): void => {
      socket.terminate();
      resolve(err({ kind: 'cancelled', message: 'cancelled', causes: [] }));
    };
    // An open socket is cut off too, as long as it lives.
    socket.once('close', whenAborted(request.signal, abort));
    socket.once('open', () => {
      // Nothing may arrive before the caller listens; it resumes the socket.
      socket.pause();
      resolve(ok(socket));
    });
    socket.once('unexpected-response', (_request, answer) => {
      let body = '';
      answer.on('data', (chunk: Buffer) => {
        body += chunk.toString();
      });
      answer.on('end', () => {
        resolve(err(failureOfAnswer(answer.statusCode ?? 0, body, answer.headers['retry-after'], 0)));
      });
    });
    socket.once('error', (reason) => {
      resolve(err(failureOfError(reason)));
    });
  });

/** Opens a WebSocket to the API with the kubeconfig's credentials; resolves, paused, once it is open. */
export const openSocket = async (
  credentials: Credentials,
  path: string,
  protocols: readonly string[],
  signal: AbortSignal,
): Promise<Result<WebSocket, KubeFailure>> => {
  const authorized = await credentials.authorize();
  if (!authorized.ok) return authorized;
  const request = { url: (credentials.server + path).replace(/^http/, 'ws'), protocols, signal };
  const opened = await openWith(authorized.value, request);
  if (opened.ok || opened.error.kind !== 'unauthorized') return opened;
  const renewed = await credentials.renew(authorized.value);
  if (renewed === undefined) return opened;
  return renewed.ok ? openWith(renewed.value, request) : renewed;
};

export const frame = (channel: number, data: Uint8Array): Buffer => Buffer.concat([Buffer.of(channel), data]);

export const bytes = (data: RawData): Buffer =>
  Buffer.isBuffer(data) ? data : Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
