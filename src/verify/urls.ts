import { printable } from '../core/text.js';
import { type CheckResult, fail, pass, passIf } from './check.js';

/** An address that must answer, as the spec names it. */
export interface WantedUrl {
  readonly url: string;
  readonly status: readonly number[];
  readonly contains?: string | undefined;
  /** Accept any certificate. */
  readonly insecure: boolean;
  readonly timeoutMs: number;
  /** Address that is called instead of what the name leads to. */
  readonly via?: string;
}

/** The certificate that a server showed. */
export interface ShownCertificate {
  readonly subject: string;
  readonly issuer: string;
  /** Milliseconds since the epoch. */
  readonly expires: number;
  /** Why the chain or the name is not trusted; absent when it is. */
  readonly problem?: string;
}

export interface UrlAnswer {
  readonly status: number;
  /** The first part of the body. */
  readonly body: string;
  readonly certificate?: ShownCertificate;
}

/** Calls an address, whatever its certificate: that is judged here. Error text when no answer came. */
export type CallUrl = (
  wanted: WantedUrl,
  signal: AbortSignal,
) => Promise<
  { readonly ok: true; readonly value: UrlAnswer } | { readonly ok: false; readonly error: string }
>;

const DAY_MS = 86_400_000;
/** Certificates that are renewed by themselves are renewed weeks before: less than this means that renewal is broken. */
export const LEAST_DAYS = 7;

const STATUS = { check: 'url', title: 'External addresses answer as the spec says' };
const TLS = {
  check: 'url-certificate',
  title: 'Certificates of external addresses are trusted and last long enough',
};

const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** The status and text of one answer. Pure. */
export const judgeAnswer = (wanted: WantedUrl, from: string, answer: UrlAnswer): CheckResult => {
  const part = { ...STATUS, node: from, to: wanted.url };
  if (!wanted.status.includes(answer.status))
    return fail({ ...part, detail: `status ${answer.status}, wanted ${wanted.status.join(' or ')}` });
  if (wanted.contains !== undefined && !answer.body.includes(wanted.contains))
    return fail({
      ...part,
      detail: `status ${answer.status}, but the answer does not hold ${JSON.stringify(wanted.contains)}`,
    });
  return pass({ ...part, detail: `status ${answer.status}` });
};

/** Chain, name and expiry of the certificate that came with an answer. Pure. */
export const judgeCertificate = (
  wanted: WantedUrl,
  certificate: ShownCertificate,
  now: number,
): CheckResult => {
  const part = { ...TLS, node: 'outside', to: wanted.url };
  const days = Math.floor((certificate.expires - now) / DAY_MS);
  const about = printable(
    `${certificate.subject}, issued by ${certificate.issuer}, until ${day(certificate.expires)}`,
  );
  if (certificate.expires <= now) return fail({ ...part, detail: `${about}: expired` });
  if (certificate.problem !== undefined && !wanted.insecure)
    return fail({ ...part, detail: `${about}: ${certificate.problem}` });
  return passIf(days >= LEAST_DAYS, {
    ...part,
    detail: days >= LEAST_DAYS ? `${about} (${days} days)` : `${about}: ${days} days are left`,
  });
};

/** Calls an address from this machine. */
export const checkUrl = async (
  wanted: WantedUrl,
  call: CallUrl,
  { now, signal }: { readonly now: number; readonly signal: AbortSignal },
): Promise<CheckResult[]> => {
  const answer = await call(wanted, signal);
  if (!answer.ok)
    return [fail({ ...STATUS, node: 'outside', to: wanted.url, detail: printable(answer.error) })];
  const { certificate } = answer.value;
  return [
    judgeAnswer(wanted, 'outside', answer.value),
    ...(certificate === undefined ? [] : [judgeCertificate(wanted, certificate, now)]),
  ];
};
