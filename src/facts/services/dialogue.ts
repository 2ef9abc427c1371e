import type { HealthQuestion } from '../../spec/balancers.js';

/** What is sent to a service, and how many bytes of its answer tell what it is. */
export interface Dialogue {
  /** Latin-1. */
  readonly send: string;
  /** 0 = the connection itself is the answer. */
  readonly bytes: number;
}

/** What came back. */
export interface Verdict {
  readonly ok: boolean;
  readonly detail: string;
}

/** PostgreSQL's SSLRequest: length 8, code 80877103. It is answered before anybody logs in. */
const SSL_REQUEST = '\x00\x00\x00\x08\x04\xd2\x16\x2f';

/** Header of AMQP 0-9-1; RabbitMQ answers with the method connection.start. */
const AMQP_HEADER = 'AMQP\x00\x00\x09\x01';

/** Length of `HTTP/1.1 200`. */
const STATUS_BYTES = 12;

export const dialogueOf = (question: HealthQuestion, host: string): Dialogue => {
  switch (question.ask) {
    case 'connect':
      return { send: '', bytes: 0 };
    case 'http':
    case 'https':
      return {
        send: `GET ${question.path} HTTP/1.0\r\nHost: ${host}\r\nUser-Agent: drover\r\n\r\n`,
        bytes: STATUS_BYTES,
      };
    case 'postgresql':
      return { send: SSL_REQUEST, bytes: 1 };
    case 'redis':
      return { send: 'PING\r\n', bytes: 5 };
    case 'rabbitmq':
      return { send: AMQP_HEADER, bytes: 8 };
    case 'mysql':
      // The server speaks first: length (3), number, protocol 10 or 255 = error, and its code.
      return { send: '', bytes: 7 };
  }
};

const good = (detail: string): Verdict => ({ ok: true, detail });
const bad = (detail: string): Verdict => ({ ok: false, detail });

const shown = (answer: Buffer): string =>
  answer.length === 0 ? 'nothing was answered' : `it answered ${JSON.stringify(answer.toString('latin1'))}`;

const ofPostgres = (answer: Buffer): Verdict => {
  const letter = answer.toString('latin1');
  if (letter === 'S') return good('PostgreSQL, with TLS');
  if (letter === 'N') return good('PostgreSQL, without TLS');
  return bad(letter === 'E' ? 'PostgreSQL refuses with an error' : `no PostgreSQL: ${shown(answer)}`);
};

const REDIS: Readonly<Record<string, Verdict>> = {
  '+PONG': good('Redis, asks for no password'),
  '-NOAU': good('Redis, asks for a password'),
  '-DENI': bad('Redis is in protected mode: it takes no connections from other hosts'),
  '-LOAD': bad('Redis is still reading its data'),
};

const MYSQL_ERRORS: Readonly<Record<number, string>> = {
  1040: 'it has too many connections',
  1129: 'it shuts this address out after too many failed connections (FLUSH HOSTS lets it in again)',
  1130: 'it takes no connections from this address',
};

const ofMysql = (answer: Buffer): Verdict => {
  if (answer.length < 7) return bad(`no MySQL: ${shown(answer)}`);
  if (answer[4] === 10) return good('MySQL protocol');
  if (answer[4] !== 0xff) return bad(`no MySQL: ${shown(answer)}`);
  const code = answer.readUInt16LE(5);
  return bad(MYSQL_ERRORS[code] ?? `it refuses with error ${code}`);
};

const ofHttp = (
  answer: Buffer,
  { status, means = {} }: Extract<HealthQuestion, { readonly ask: 'http' | 'https' }>,
): Verdict => {
  const [, code] = /^HTTP\/\d\.\d (\d{3})$/.exec(answer.toString('latin1')) ?? [];
  if (code === undefined) return bad(`no HTTP: ${shown(answer)}`);
  const isGood = status.includes(Number(code));
  const meaning = means[Number(code)];
  if (meaning !== undefined) return (isGood ? good : bad)(`${meaning} (status ${code})`);
  return isGood ? good(`status ${code}`) : bad(`status ${code}, wanted ${status.join(' or ')}`);
};

/** Judges the first bytes of an answer. Pure. */
export const judgeAnswer = (question: HealthQuestion, answer: Buffer): Verdict => {
  switch (question.ask) {
    case 'connect':
      return good('connected');
    case 'http':
    case 'https':
      return ofHttp(answer, question);
    case 'postgresql':
      return ofPostgres(answer);
    case 'redis':
      return REDIS[answer.toString('latin1')] ?? bad(`no Redis: ${shown(answer)}`);
    case 'rabbitmq':
      if (answer[0] === 1) return good('AMQP 0-9-1');
      return bad(
        answer.toString('latin1').startsWith('AMQP')
          ? 'another version of AMQP'
          : `no AMQP: ${shown(answer)}`,
      );
    case 'mysql':
      return ofMysql(answer);
  }
};
