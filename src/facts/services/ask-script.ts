import { shellQuote } from '../../core/shell.js';
import type { HealthQuestion } from '../../spec/balancers.js';
import { type Dialogue, dialogueOf } from './dialogue.js';

/** One thing to ask of one place. */
export interface Ask {
  /** Given back with the answer. */
  readonly id: string;
  /** Address or DNS name. */
  readonly host: string;
  readonly question: HealthQuestion;
}

/** Of a certificate: how TLS begins there. */
export interface AskTls {
  readonly id: string;
  readonly host: string;
  readonly port: number;
  readonly timeoutMs: number;
  /** Protocol in whose plain text TLS is asked for first. */
  readonly startTls?: 'postgres' | 'mysql';
  /** PEM; absent = who the host trusts. */
  readonly ca?: string;
}

export type AskFrom = 'host' | 'pod';

/** `told ID STATUS TEXT`: a line per answer, its text in base64. */
const COMMON = `told() { printf '%s\\t%s\\t%s\\n' "$1" "$2" "$(printf %s "$3" | base64 | tr -d '\\n')"; }
`;

/** Hosts have bash, which opens connections itself; the answer is read as far as it is needed, in hexadecimal. */
const HOST = `ask() { # ID HOST PORT SECONDS SEND BYTES
  out=$(timeout "$4" bash -c 'exec 3<>"/dev/tcp/$1/$2" || exit 7
    [ -z "$3" ] || printf "$3" >&3
    head -c "$4" <&3 | od -An -v -tx1' bash "$2" "$3" "$5" "$6" 2>&1)
  told "$1" "$?" "$out"
}
certificate() { # ID HOST PORT SECONDS CA WORDS…
  id=$1 host=$2 port=$3 limit=$4 ca=$5; shift 5
  command -v openssl >/dev/null 2>&1 || { told "$id" 127 ''; return; }
  if [ -n "$ca" ]; then
    out=$(timeout "$limit" bash -c 'ca=$1; shift; openssl s_client -CAfile <(printf "%s" "$ca") "$@" </dev/null 2>&1' - "$ca" -connect "$host:$port" "$@")
  else
    out=$(timeout "$limit" openssl s_client -connect "$host:$port" "$@" </dev/null 2>&1)
  fi
  told "$id" "$?" "$out"
}
get() { # ID URL SECONDS
  out=$(curl -ksS -o /dev/null -w 'HTTP/1.1 %{http_code}' --max-time "$3" "$2" 2>&1); status=$?
  if [ "$status" = 0 ]; then out=$(printf %s "$out" | od -An -v -tx1); fi
  told "$1" "$status" "$out"
}
name() { out=$(getent ahosts "$2" 2>&1); told "$1" "$?" "$(printf '%s\\n' "$out" | awk '{ print $1 }' | sort -u | tr '\\n' ' ')"; }`;

/**
 * Pods have busybox. Its nc closes its own direction when it has sent everything; every server answers before it notices. Its
 * wget speaks TLS, and looks at no certificate: that is what nodes do.
 */
const POD = `set -o pipefail
ask() { # ID HOST PORT SECONDS SEND BYTES
  if [ "$6" = 0 ]; then
    out=$(nc -w "$4" -e true "$2" "$3" 2>&1); told "$1" "$?" "$out"; return
  fi
  out=$({ printf "$5" | timeout "$4" nc -w "$4" "$2" "$3" | head -c "$6" | od -An -v -tx1; } 2>&1)
  told "$1" "$?" "$out"
}
get() { # ID URL SECONDS
  out=$(wget -q -S -T "$3" --no-check-certificate -O /dev/null "$2" 2>&1); status=$?
  line=$(printf %s "$out" | sed -n 's/.*\\(HTTP\\/[0-9.]* [0-9][0-9][0-9]\\).*/\\1/p' | tail -n 1)
  if [ -n "$line" ]; then told "$1" 0 "$(printf %s "$line" | od -An -v -tx1)"; else told "$1" "$status" "$out"; fi
}`;

/** Bytes as printf of every shell reads them. */
const escaped = ({ send }: Dialogue): string =>
  Array.from(Buffer.from(send, 'latin1'), (byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');

const seconds = (ms: number): number => Math.max(1, Math.ceil(ms / 1000));

/** An address as it stands before a port: IPv6 in brackets. */
export const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host);

const askLine = ({ id, host, question }: Ask): string => {
  const limit = seconds(question.timeoutMs);
  if (question.ask === 'https')
    return `get ${id} ${shellQuote(`https://${bracketed(host)}:${question.port}${question.path}`)} ${limit} &`;
  const dialogue = dialogueOf(question, host);
  const words = [id, shellQuote(host), question.port, limit, shellQuote(escaped(dialogue)), dialogue.bytes];
  return `ask ${words.join(' ')} &`;
};

const isAddress = (host: string): boolean => /^[\d.]+$/.test(host) || host.includes(':');

const tlsLine = ({ id, host, port, timeoutMs, startTls, ca = '' }: AskTls): string => {
  const words = [
    ...(isAddress(host) ? ['-verify_ip', host] : ['-servername', host, '-verify_hostname', host]),
    ...(startTls === undefined ? [] : ['-starttls', startTls]),
  ];
  const place = [id, shellQuote(bracketed(host)), port, seconds(timeoutMs), shellQuote(ca)];
  return `certificate ${[...place, ...words.map(shellQuote)].join(' ')} &`;
};

export interface AskScript {
  readonly asks: readonly Ask[];
  /** From hosts alone: pods have no program for it. */
  readonly tls?: readonly AskTls[];
  /** From hosts alone: names that must be known there. */
  readonly names?: readonly { readonly id: string; readonly name: string }[];
}

/**
 * The sh text that asks all at once and prints a line per answer for {@link parseTold}. Reads only: nobody logs in, nothing
 * is written anywhere.
 */
export const askScript = (from: AskFrom, { asks, tls = [], names = [] }: AskScript): string =>
  [
    COMMON,
    from === 'host' ? HOST : POD,
    ...asks.map(askLine),
    ...tls.map(tlsLine),
    ...names.map(({ id, name }) => `name ${id} ${shellQuote(name)} &`),
    'wait',
  ].join('\n');

/** One answer as the script told it. */
export interface Told {
  readonly status: number;
  readonly text: string;
}

/** Reads what {@link askScript} printed, by id; lines that do not fit are left out. */
export const parseTold = (output: string): ReadonlyMap<string, Told> =>
  new Map(
    output.split('\n').flatMap((line): [string, Told][] => {
      const [, id, status, text] = /^([\w.-]+)\t(\d+)\t([A-Za-z0-9+/=]*)$/.exec(line) ?? [];
      if (id === undefined || text === undefined) return [];
      return [[id, { status: Number(status), text: Buffer.from(text, 'base64').toString('utf8') }]];
    }),
  );
