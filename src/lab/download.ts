import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import type { Emit } from '../core/events/event.js';
import type { Clock } from '../core/ports/clock.js';
import { err, ok, type Result } from '../core/result.js';
import { printable } from '../core/text.js';

export interface DownloadTools {
  readonly clock: Clock;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

/** Why nothing whole came: the server refused, was not reached, or the connection ended before all was there. */
export interface DownloadFailure {
  readonly kind: 'refused' | 'unreachable' | 'cut';
  /** HTTP status of a refusal. */
  readonly status?: number;
  readonly detail: string;
}

const detailOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
};

/** Hashes what passes, and says once a second how far it is. */
const meter = (url: string, { clock, emit }: DownloadTools) => {
  const hash = createHash('sha256');
  const started = clock.monotonic();
  let bytes = 0;
  let told = started;
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      bytes += chunk.length;
      const now = clock.monotonic();
      if (now - told > 1000) {
        told = now;
        const last = `${(bytes / 1e6).toFixed(0)} MB`;
        emit({ type: 'waiting', what: `download of ${url}`, sinceMs: now - started, last });
      }
      done(null, chunk);
    },
  });
  return { stream, bytes: () => bytes, sha256: () => hash.digest('hex') };
};

/** Downloads to a file, following redirects, and returns the SHA-256 of what came. */
export const download = async (
  url: string,
  path: string,
  tools: DownloadTools,
): Promise<Result<string, DownloadFailure>> => {
  const { signal } = tools;
  const metered = meter(url, tools);
  let announced: string | null = null;
  try {
    const response = await fetch(url, { signal, redirect: 'follow' });
    if (!response.ok || response.body === null) {
      const { status, statusText } = response;
      return err({
        kind: 'refused',
        status,
        detail: `the server answered ${status} ${printable(statusText)}`,
      });
    }
    announced = response.headers.get('content-length');
    const body = Readable.fromWeb(response.body as ReadableStream<Uint8Array>);
    await pipeline(body, metered.stream, createWriteStream(path), { signal });
  } catch (error) {
    const bytes = metered.bytes();
    const of = announced === null ? '' : ` of ${announced}`;
    if (bytes === 0 && announced === null) return err({ kind: 'unreachable', detail: detailOf(error) });
    return err({ kind: 'cut', detail: `${detailOf(error)} after ${bytes}${of} bytes` });
  }
  return ok(metered.sha256());
};
