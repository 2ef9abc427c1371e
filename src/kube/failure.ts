import type { KubeCause, KubeFailure, KubeFailureKind } from '../core/ports/kube.js';
import { printable } from '../core/text.js';

interface Status {
  readonly message?: string;
  readonly reason?: string;
  readonly details?: {
    readonly causes?: readonly {
      readonly field?: string;
      readonly reason?: string;
      readonly message?: string;
    }[];
    readonly retryAfterSeconds?: number;
  };
}

const parseStatus = (body: string): Status => {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
};

const kindOf = (status: number, reason: string | undefined): KubeFailureKind => {
  if (status === 409) return reason === 'AlreadyExists' ? 'already-exists' : 'conflict';
  const byStatus: Readonly<Record<number, KubeFailureKind>> = {
    400: 'invalid',
    401: 'unauthorized',
    403: 'forbidden',
    404: 'not-found',
    408: 'timed-out',
    410: 'gone',
    422: 'invalid',
    429: 'too-many-requests',
    503: 'unavailable',
    504: 'timed-out',
  };
  return byStatus[status] ?? 'server';
};

const causesOf = (status: Status): KubeCause[] =>
  (status.details?.causes ?? []).map(({ field, reason, message }) => ({
    ...(field === undefined ? {} : { field }),
    ...(reason === undefined ? {} : { reason }),
    message: printable(message ?? ''),
  }));

/** Seconds or an HTTP date, as milliseconds from now. */
const retryAfter = (
  header: string | undefined,
  details: number | undefined,
  now: number,
): number | undefined => {
  if (header === undefined) return details === undefined ? undefined : details * 1000;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - now;
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
};

/** An answer of the API that is not 2xx, as a typed failure. */
export const failureOfAnswer = (
  status: number,
  body: string,
  header: string | undefined,
  now: number,
): KubeFailure => {
  const parsed = parseStatus(body);
  const after = retryAfter(header, parsed.details?.retryAfterSeconds, now);
  return {
    kind: kindOf(status, parsed.reason),
    status,
    message: printable(parsed.message ?? (body.slice(0, 200) || `HTTP ${status}`)),
    causes: causesOf(parsed),
    ...(after === undefined ? {} : { retryAfterMs: after }),
  };
};

const TLS_CODES = /^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|ERR_TLS|ERR_SSL|EPROTO)/;

/** A request that got no answer. */
export const failureOfError = (reason: unknown): KubeFailure => {
  const error = reason instanceof Error ? reason : new Error(String(reason));
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const kind = TLS_CODES.test(code) ? 'tls' : 'unreachable';
  return { kind, message: printable(error.message || code), causes: [] };
};
