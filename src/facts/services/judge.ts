import { X509Certificate } from 'node:crypto';
import { printable } from '../../core/text.js';
import type { HealthQuestion } from '../../spec/balancers.js';
import type { Told } from './ask-script.js';
import { judgeAnswer, type Verdict } from './dialogue.js';

const HEX = /^[\s0-9a-f]*$/;

/** The first line, without what shells put before the reason: `bash: line 1: connect: `, `nc: `. */
const reasonOf = (text: string): string =>
  printable(text.trim().split('\n')[0] ?? '')
    .replace(/^(bash|sh|nc|curl|wget): (line \d+: )?(connect: )?/, '')
    .slice(0, 200);

/** `timeout` of coreutils, and of busybox. */
const TIMED_OUT = [124, 143];

/** What one answer shows; `undefined` = the script was cut before it came. Pure. */
export const judgeTold = (question: HealthQuestion, told: Told | undefined): Verdict => {
  const silent = { ok: false, detail: `no answer within ${question.timeoutMs} ms` };
  if (told === undefined) return silent;
  const { text, status } = told;
  if (!HEX.test(text)) return { ok: false, detail: reasonOf(text) };
  const answer = Buffer.from(text.replace(/\s/g, ''), 'hex');
  if (answer.length > 0 || (question.ask === 'connect' && status === 0)) return judgeAnswer(question, answer);
  if (TIMED_OUT.includes(status) || question.ask === 'connect') return silent;
  return { ok: false, detail: 'it closed the connection without an answer' };
};

const DAY_MS = 86_400_000;

/** Certificates that are renewed by themselves are renewed weeks before: less than this means that renewal is broken. */
const LEAST_DAYS = 14;

/** Words of openssl's verdict: `Verify return code: 20 (unable to get local issuer certificate)`. */
const VERDICT = /Verify return code: (\d+) \(([^)]*)\)/;
const PEM = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/;

const nameOf = (distinguished: string): string =>
  /^CN=(.*)$/m.exec(distinguished)?.[1] ?? distinguished.split('\n')[0] ?? '';

/** Chain, name and end of a certificate as `openssl s_client` told them. Undefined = the host has no openssl. Pure. */
export const judgeCertificate = (told: Told | undefined, now: number): Verdict | undefined => {
  if (told?.status === 127) return undefined;
  const [pem] = PEM.exec(told?.text ?? '') ?? [];
  const [, code, words] = VERDICT.exec(told?.text ?? '') ?? [];
  if (pem === undefined || code === undefined || words === undefined)
    return { ok: false, detail: 'TLS does not come about' };
  const shown = new X509Certificate(pem);
  const ends = Date.parse(shown.validTo);
  const about = printable(
    `${nameOf(shown.subject)}, issued by ${nameOf(shown.issuer)}, until ${new Date(ends).toISOString().slice(0, 10)}`,
  );
  if (code !== '0') return { ok: false, detail: `${about}: ${printable(words)}` };
  const days = Math.floor((ends - now) / DAY_MS);
  return days < LEAST_DAYS
    ? { ok: false, detail: `${about}: ${days} days are left` }
    : { ok: true, detail: `${about} (${days} days)` };
};
