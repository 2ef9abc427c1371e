import type { HostTarget, TransportFailure, TransportFailureKind } from '../core/ports/transport.js';
import { printable } from '../core/text.js';

/** What ssh prints, in the order in which it is looked for: the first match decides. */
const CONNECT_SIGNS: readonly (readonly [RegExp, TransportFailureKind])[] = [
  [/REMOTE HOST IDENTIFICATION HAS CHANGED|Host key for .* has changed|REVOKED HOST KEY/, 'host-key-changed'],
  [/Host key verification failed|host key is known for/, 'host-key-unknown'],
  [/Permission denied|Too many authentication failures|no mutual signature/, 'auth'],
  [/timed out during banner exchange/, 'timed-out'],
  [/Connection refused/, 'refused'],
  [
    /Could not resolve hostname|No route to host|Network is (unreachable|down)|Host is down|timed out/,
    'unreachable',
  ],
  [/kex_exchange_identification|Connection (closed|reset) by|banner exchange/, 'refused'],
];

/** The connection was accepted and dropped before the login: sshd sheds load so, and so do brute-force guards. */
const SHED = /kex_exchange_identification|Connection (closed|reset) by .* port \d+\s*$/;
export const isShed = (stderr: string): boolean =>
  SHED.test(stderr) && !/Permission denied|authentication/.test(stderr);

const NOISE = /^(@+|\s*@.*@|\s*)$|^(Please contact your system|Add correct host key|It is also possible)/;

/** What ssh said, without its banners, as one line. */
export const lastWords = (stderr: string): string => {
  const lines = printable(stderr)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !NOISE.test(line));
  return lines.slice(-3).join('; ').slice(0, 500);
};

export const failure = (
  target: Pick<HostTarget, 'name'>,
  kind: TransportFailureKind,
  detail: string,
  notStarted = true,
): TransportFailure => ({ kind, host: target.name, detail, notStarted });

const changedKeyDetail = (stderr: string): string => {
  const offered = /sent by the remote host is\s*\n\s*(SHA256:\S+?)\.?\s*$/m.exec(stderr)?.[1];
  const line = /Offending .* key in (\S+)/.exec(stderr)?.[1];
  return [
    offered === undefined
      ? 'the host offers another key than the one on record'
      : `the host offers ${offered}`,
    ...(line === undefined ? [] : [`the key on record stands in ${line}`]),
  ].join('; ');
};

/** Why a connection could not be made, from what ssh printed before it ended. */
export const connectFailure = (target: HostTarget, stderr: string): TransportFailure => {
  const kind = CONNECT_SIGNS.find(([sign]) => sign.test(stderr))?.[1] ?? 'protocol';
  if (kind === 'host-key-unknown' && (target.fingerprints?.length ?? 0) > 0)
    return failure(target, 'host-key-changed', 'the host offers a key that is not among the pinned ones');
  if (kind === 'host-key-changed') return failure(target, kind, changedKeyDetail(stderr));
  if (kind === 'host-key-unknown')
    return failure(target, kind, 'no key of this host is on record, and unknown keys are never accepted');
  const words = lastWords(stderr);
  return failure(target, kind, words === '' ? 'ssh ended without saying why' : words);
};

const SESSION_REFUSED = 'sshd refused another session on the connection (MaxSessions)';

/** The connection stands, but sshd wants fewer sessions on it. */
export const isSessionRefused = (failed: TransportFailure): boolean => failed.detail === SESSION_REFUSED;

/** Why the loader never spoke although the connection stood. */
export const openFailure = (target: HostTarget, stderr: string, stdout: string): TransportFailure => {
  if (/session request failed|Session open refused/.test(stderr))
    return failure(target, 'mux-lost', SESSION_REFUSED);
  if (/mux_client|Control socket|UNKNOWN port|kex_exchange_identification/.test(stderr))
    return failure(target, 'mux-lost', 'the shared connection is gone');
  const words = lastWords(stderr) || lastWords(stdout) || 'it said nothing';
  if (target.sudo === true && /sudo|not found/.test(stderr)) return failure(target, 'sudo-refused', words);
  return failure(target, 'protocol', `the host did not run the command; ${words}`);
};

/** Why the end of a script that had begun was not seen. */
export const brokenFailure = (target: HostTarget, stderr: string, code: number | null): TransportFailure => {
  const words = lastWords(stderr);
  if (code === null || code === 255)
    return failure(target, 'mux-lost', `the connection broke off${words === '' ? '' : `; ${words}`}`, false);
  return failure(target, 'protocol', `the remote shell ended with ${code} without reporting`, false);
};
