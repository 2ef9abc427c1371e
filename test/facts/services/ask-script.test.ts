import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ask, askScript, parseTold } from '../../../src/facts/services/ask-script.js';
import { judgeTold } from '../../../src/facts/services/judge.js';
import { type Speaking, speak, speakers } from './speakers.js';

const TIMEOUT = { timeoutMs: 5000 };
const web = (path: string) => ({ ask: 'http', path, status: [200], ...TIMEOUT }) as const;

/** Who is asked, what, and what is made of the answer. */
const cases = [
  ['postgresTls', { ask: 'postgresql', ...TIMEOUT }, 'yes: PostgreSQL, with TLS'],
  ['postgres', { ask: 'postgresql', ...TIMEOUT }, 'yes: PostgreSQL, without TLS'],
  ['redis', { ask: 'redis', ...TIMEOUT }, 'yes: Redis, asks for no password'],
  ['redisPassword', { ask: 'redis', ...TIMEOUT }, 'yes: Redis, asks for a password'],
  [
    'redisProtected',
    { ask: 'redis', ...TIMEOUT },
    'no: Redis is in protected mode: it takes no connections from other hosts',
  ],
  ['rabbitmq', { ask: 'rabbitmq', ...TIMEOUT }, 'yes: AMQP 0-9-1'],
  ['mysql', { ask: 'mysql', ...TIMEOUT }, 'yes: MySQL protocol'],
  [
    'mysqlBlocked',
    { ask: 'mysql', ...TIMEOUT },
    'no: it shuts this address out after too many failed connections (FLUSH HOSTS lets it in again)',
  ],
  ['redis', { ask: 'mysql', timeoutMs: 1000 }, 'no: no answer within 1000 ms'],
  ['mysql', { ask: 'redis', ...TIMEOUT }, 'no: no Redis: it answered "[\\u0000\\u0000\\u0000\\n"'],
  ['web', web('/ready'), 'yes: status 200'],
  ['web', web('/'), 'no: status 404, wanted 200'],
  ['closing', { ask: 'redis', ...TIMEOUT }, 'no: it closed the connection without an answer'],
  ['silent', { ask: 'connect', ...TIMEOUT }, 'yes: connected'],
  ['silent', { ask: 'redis', timeoutMs: 1000 }, 'no: no answer within 1000 ms'],
] as const;

const running = new Map<string, Speaking>();

const asked = async (asks: readonly Ask[]): Promise<readonly string[]> => {
  const { stdout } = await execa('sh', ['-s'], { input: askScript('host', { asks }) });
  const told = parseTold(stdout);
  return asks.map(({ id, question }) => {
    const { ok, detail } = judgeTold(question, told.get(id));
    return `${ok ? 'yes' : 'no'}: ${detail}`;
  });
};

beforeAll(async () => {
  for (const [name, speaker] of Object.entries(speakers)) running.set(name, await speak(speaker));
});
afterAll(async () => {
  for (const each of running.values()) await each.close();
});

describe('a service that is asked from a host', () => {
  it('shows what it is by its own first words, all of them at once', async () => {
    const asks = cases.map(([name, question], at): Ask => {
      const port = running.get(name)?.port ?? 0;
      return { id: `a${at}`, host: '127.0.0.1', question: { ...question, port } };
    });
    expect(await asked(asks)).toEqual(cases.map(([, , verdict]) => verdict));
  });

  it('says why it is not reached', async () => {
    const gone = await speak({});
    await gone.close();
    const question = { ask: 'connect', port: gone.port, ...TIMEOUT } as const;
    const [refused, unknown] = await asked([
      { id: 'refused', host: '127.0.0.1', question },
      { id: 'unknown', host: 'nobody.invalid', question },
    ]);
    expect(refused).toBe('no: Connection refused');
    expect(unknown).toMatch(/^no: nobody\.invalid: \w/);
  });
});
