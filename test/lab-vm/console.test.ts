import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { parseAnswer, runOnConsole } from '../../src/lab/vm/console.js';

let folder: string;
let server: Server | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drover-console-'));
});
afterEach(async () => {
  server?.close();
  await rm(folder, { recursive: true });
});

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** A host that overhears its first greetings, and answers scripts with what `answer` makes of them. */
const listen = async (overheard: number, answer: (script: string) => string | undefined): Promise<string> => {
  const path = join(folder, 'console');
  let greetings = 0;
  server = createServer((line) => {
    let pending = '';
    line.on('data', (data) => {
      pending += data.toString();
      const lines = pending.split('\n');
      pending = lines.pop() ?? '';
      for (const [order, number, script = ''] of lines.map((one) => one.split(' '))) {
        if (order === 'hello' && ++greetings > overheard) line.write(`\u0000noise\n${number} hello\n`);
        if (order === 'run') {
          const said = answer(Buffer.from(script, 'base64').toString());
          if (said !== undefined) line.write(`${number} ${said}\n`);
        }
      }
    });
  });
  await new Promise<void>((resolve) => server?.listen(path, resolve));
  return path;
};

const order = { host: 'one', script: 'echo a; echo b >&2', timeoutMs: 5000 };

it('greets until the host listens, and returns what the script printed and how it ended', async () => {
  const heard: string[] = [];
  const path = await listen(2, (script) => {
    heard.push(script);
    return `3 o${base64('a\n')} e${base64('b\n')}`;
  });
  const done = await runOnConsole(path, order);
  expect(done).toEqual({ ok: true, value: { status: 3, stdout: 'a\n', stderr: 'b\n' } });
  expect(heard).toEqual([order.script]);
});

it('takes empty output as empty', async () => {
  const path = await listen(0, () => '0 o e');
  expect(await runOnConsole(path, order)).toEqual({ ok: true, value: { status: 0, stdout: '', stderr: '' } });
});

it('gives up on a script that does not end', async () => {
  const path = await listen(0, () => undefined);
  const done = await runOnConsole(path, { ...order, timeoutMs: 50 });
  expect(done).toMatchObject({ ok: false, error: { code: 'lab-host-power', host: 'one' } });
  expect(done.ok ? '' : done.error.message).toContain('the script did not end');
});

it('names a host whose console is not there', async () => {
  const done = await runOnConsole(join(folder, 'absent'), order);
  expect(done.ok ? '' : done.error.message).toMatch(/^one does not answer on its console: .*ENOENT/);
});

it('knows an answer only when its line is whole', () => {
  const whole = `\r\n7 0 o${base64('yes')} e\r\n`;
  expect(parseAnswer(whole, '7')).toEqual({ status: 0, stdout: 'yes', stderr: '' });
  for (let length = 0; length < whole.length; length++)
    expect(parseAnswer(whole.slice(0, length), '7')).toBe(undefined);
  expect(parseAnswer(whole, '8')).toBe(undefined);
});
