import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseRelayLine, type RelayLine } from '../../../../src/steps/guards/pairs/lines.js';
import { agentProgram, relayScript } from '../../../../src/steps/guards/pairs/programs.js';

/* The real programs on this machine’s loopback, with the folders of hosts and pods moved below one of the test’s own. */

const RUN = 'drover-guard-r';
let root: string;
let folder: string;
const started: ChildProcess[] = [];
const closing: (() => void)[] = [];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'drover-probers-'));
  folder = join(root, RUN);
  await mkdir(folder);
});
afterEach(async () => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
  for (const close of closing.splice(0)) close();
  await rm(root, { recursive: true, force: true });
});

const inTurn = { timeout: 15_000, interval: 20 };

const prober = (
  env: Readonly<Record<string, string>>,
  [constant, shorter]: readonly [string, string] = ['', ''],
): ChildProcess => {
  const program = agentProgram().replace("'/record'", `'${folder}'`).replace(constant, shorter);
  const child = spawn('perl', ['-e', program], {
    env: { EVERY: '50', ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  started.push(child);
  return child;
};

/** A relay of the host; what it said so far. */
const relay = (): {
  readonly lines: RelayLine[];
  readonly say: (line: string) => void;
  readonly ended: Promise<number>;
} => {
  const text = relayScript(RUN).text.replace('/run/drover', root);
  const child = spawn('sh', ['-c', text], { stdio: ['pipe', 'pipe', 'inherit'] });
  started.push(child);
  const lines: RelayLine[] = [];
  let rest = '';
  child.stdout.on('data', (chunk: Buffer) => {
    const parts = (rest + chunk.toString()).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts.flatMap((line) => parseRelayLine(line) ?? []));
  });
  const ended = new Promise<number>((resolve) => child.on('close', (code) => resolve(code ?? -1)));
  return { lines, say: (line) => void child.stdin.write(`${line}\n`), ended };
};

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
};

/** A port on which somebody takes every connection. */
const listening = async (): Promise<number> => {
  const server = createServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1');
  closing.push(() => server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  return (server.address() as AddressInfo).port;
};

/** What is said on a port of this machine, or why nothing is. */
const answers = (port: number): Promise<string> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('data', (text) => {
      resolve(text.toString());
      socket.destroy();
    });
    socket.once('error', (problem: NodeJS.ErrnoException) => resolve(problem.code ?? ''));
  });

/** The last word about each target, as the records have it. */
const words = async (): Promise<Record<string, string>> => {
  const found: Record<string, string> = {};
  for (const name of (await readdir(folder)).filter((each) => each.endsWith('.rec')))
    for (const line of (await readFile(join(folder, name), 'utf8')).split('\n')) {
      const [sign, target = '', , ...more] = line.split(' ');
      if (sign === '+' || sign === '-') found[target] = [sign, ...more].join(' ');
    }
  return found;
};

const tellPeers = async (text: string): Promise<void> => {
  await writeFile(join(folder, 'peers.new'), text);
  await rename(join(folder, 'peers.new'), join(folder, 'peers'));
};

describe('the prober', () => {
  it('tells that somebody answers, from which address it was seen, and that nobody does any more', async () => {
    const port = String(await freePort());
    const other = prober({ KIND: 'pod', NODE: 'b', PORT: port });
    prober({ KIND: 'host', NODE: 'a', PORT: port });
    await tellPeers('b 127.0.0.1\n');
    await expect.poll(words, inTurn).toEqual({ 'pod:b': '+ 127.0.0.1' });
    other.kill('SIGKILL');
    await expect.poll(words, inTurn).toEqual({ 'pod:b': '- Connection refused' });
    prober({ KIND: 'pod', NODE: 'b', PORT: port });
    await expect.poll(words, inTurn).toEqual({ 'pod:b': '+ 127.0.0.1' });
  });

  it('asks what is outside; of those that are told to go it still answers for a moment', async () => {
    const port = await freePort();
    const outside = await listening();
    const env = {
      KIND: 'pod',
      NODE: 'a',
      ADDRESS: '127.0.0.1',
      PORT: String(port),
      OUT: `127.0.0.1:${outside}`,
    };
    const one = prober(env);
    await tellPeers(`a 127.0.0.1\nb 127.0.0.2\n`);
    await expect.poll(words, inTurn).toEqual({ 'pod:b': '+ 127.0.0.1', out: '+ -' });
    const gone = new Promise((resolve) => one.once('close', resolve));
    one.kill('SIGTERM');
    await gone;
    expect(one.exitCode).toBe(0);
    expect(await words()).toEqual({ 'pod:b': '+ 127.0.0.1', out: '+ -' });
  });

  it('that is told to go goes on answering as long as somebody is sent to it by the Service', async () => {
    const service = await freePort();
    const env = { KIND: 'pod', NODE: 'a', PORT: String(await freePort()), SERVICE_PORT: String(service) };
    const one = prober(env, ['QUIET_MS => 1500', 'QUIET_MS => 300']);
    await expect.poll(() => answers(service), inTurn).toBe('127.0.0.1 a\n');
    one.kill('SIGTERM');
    const told = Date.now();
    while (Date.now() - told < 1_000) expect(await answers(service)).toBe('127.0.0.1 a\n');
    await expect.poll(() => one.exitCode, inTurn).toBe(0);
    expect(await answers(service)).toBe('ECONNREFUSED');
  });
});

describe('the relay', () => {
  const write = async (name: string, text: string): Promise<void> => {
    await writeFile(join(folder, `${name}.rec`), text);
  };

  it('carries records from where it is told, and tells whose writer is gone', async () => {
    const line = '. 1000\n';
    await write('pod-1', `H 900 pod a 10.42.0.1\n${line}`);
    const one = relay();
    const start = 'H 900 pod a 10.42.0.1\n'.length;
    one.say(`from pod-1 ${start}`);
    one.say('go');
    await expect.poll(() => one.lines.some(({ type }) => type === 'gone'), inTurn).toBe(true);
    expect(one.lines.filter(({ type }) => type === 'record')).toEqual([
      { type: 'record', record: 'pod-1', offset: start + line.length, entry: { type: 'mark', at: 1000 } },
    ]);
    expect(one.lines[0]?.type).toBe('beat');
  });

  it('takes a prober that lives for alive, and one that was killed not', async () => {
    const child = prober({ KIND: 'host', NODE: 'a', PORT: '1' });
    const one = relay();
    one.say('peers a=127.0.0.1');
    one.say('go');
    await expect
      .poll(() => one.lines.filter(({ type }) => type === 'record').length, inTurn)
      .toBeGreaterThan(5);
    expect(one.lines.some(({ type }) => type === 'gone')).toBe(false);
    expect(await readFile(join(folder, 'peers'), 'utf8')).toBe('a 127.0.0.1\n');
    child.kill('SIGKILL');
    await expect.poll(() => one.lines.some(({ type }) => type === 'gone'), inTurn).toBe(true);
  });

  it('removes its own folder at the end, those of killed runs at the beginning, and no others', async () => {
    await mkdir(join(root, 'drover-guard-old'));
    await writeFile(join(root, 'drover-guard-old', 'peers'), '');
    await mkdir(join(root, 'somebody'));
    await write('pod-1', '');
    const one = relay();
    await expect.poll(() => readdir(root), inTurn).toEqual([RUN, 'somebody']);
    one.say('end');
    expect(await one.ended).toBe(0);
    expect(await readdir(root)).toEqual(['somebody']);
    await expect(stat(folder)).rejects.toThrow();
  });
});

/** Answers each question with one address; what it was asked. */
const nameServer = async (): Promise<{ readonly socket: Socket; readonly port: number }> => {
  const socket = createSocket('udp4');
  closing.push(() => socket.close());
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return { socket, port: socket.address().port };
};

describe('names', () => {
  it.each([
    ['an address', 1, [127, 0, 0, 1], '+ -'],
    ['none', 0, [], '- DNS answered with code 0 and no address'],
  ])('that DNS answers with %s', async (_what, answers, address, said) => {
    const outside = await listening();
    const { socket, port } = await nameServer();
    socket.on('message', (question, { port: from }) => {
      const head = Buffer.from(question.subarray(0, 12));
      head.writeUInt16BE(0x8180, 2);
      head.writeUInt16BE(answers, 6);
      const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 5, 0, address.length, ...address]);
      socket.send(Buffer.concat([head, question.subarray(12), ...(answers === 0 ? [] : [record])]), from);
    });
    const program = agentProgram()
      .replace('$env{DNS}, 53)', `$env{DNS}, ${port})`)
      .replace("'/record'", `'${folder}'`);
    const env = {
      EVERY: '50',
      KIND: 'pod',
      NODE: 'a',
      PORT: String(await freePort()),
      DNS: '127.0.0.1',
      DNS_NAME: 'kubernetes.default.svc',
      OUT: `shop.example:${outside}`,
    };
    const child = spawn('perl', ['-e', program], { env, stdio: ['ignore', 'ignore', 'inherit'] });
    started.push(child);
    await tellPeers('a 127.0.0.1\n');
    await expect.poll(words, inTurn).toEqual({ dns: said, out: said });
  });
});
