import { type RawData, WebSocket } from 'ws';
import type { KubeFailure } from '../core/ports/kube.js';
import { err, ok, type Result } from '../core/result.js';
import type { Credentials } from './credentials.js';
import { failureOfAnswer, failureOfError } from './failure.js';

/** Numbers of the streams inside one exec connection (v4 and v5 channel protocols). */
export const CHANNEL = { stdin: 0, stdout: 1, stderr: 2, status: 3, close: 255 } as const;

/** Opens a WebSocket to the API with the kubeconfig's credentials; resolves, paused, once it is open. */
export const openSocket = async (
  credentials: Credentials,
  path: string,
  protocols: readonly string[],
  signal: AbortSignal,
): Promise<Result<WebSocket, KubeFailure>> => {
  const authorized = await credentials.authorize();
  if (!authorized.ok) return authorized;
  const { headers, tls } = authorized.value;
  const url = (credentials.server + path).replace(/^http/, 'ws');
  return new Promise((resolve) => {
    const socket = new WebSocket(url, [...protocols], { headers, ...tls });
    const abort = (): void => {
      socket.terminate();
      resolve(err({ kind: 'cancelled', message: 'cancelled', causes: [] }));
    };
    signal.addEventListener('abort', abort, { once: true });
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
};

export const frame = (channel: number, data: Uint8Array): Buffer => Buffer.concat([Buffer.of(channel), data]);

export const bytes = (data: RawData): Buffer =>
  Buffer.isBuffer(data) ? data : Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
