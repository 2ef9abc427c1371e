import { execFileSync } from 'node:child_process';
import { getEventListeners } from 'node:events';
import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { HostTarget, Session, Transport } from '../../src/core/ports/transport.js';
import { createOpenSshTransport, type OpenSshOptions } from '../../src/transport/openssh.js';
import { systemClock, systemRandom } from '../support/ports.js';
import { type Sshd, startSshd } from '../support/sshd.js';

const undo: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).toReversed()) await step();
});

const startWith = async (options: Partial<OpenSshOptions>, ...extra: readonly string[]) => {
  const sshd = await startSshd(...extra);
  const transport = createOpenSshTransport({
    paths: sshd.paths,
    clock: systemClock,
    random: systemRandom,
    ...options,
  });
  undo.push(
    () => sshd.stop(),
    () => transport.dispose(),
  );
  return { sshd, transport };
};

const run = (transport: Transport, target: HostTarget, text: string, signal?: AbortSignal) =>
  transport.run(
    target,
    { title: 'a test', text },
    { timeoutMs: 50_000, ...(signal === undefined ? {} : { signal }) },
  );
const logins = (sshd: Sshd): number => sshd.log().match(/Accepted publickey/g)?.length ?? 0;
const openSession = async (transport: Transport, target: HostTarget, text: string): Promise<Session> => {
  const opened = await transport.open(target, { title: 'a test', text }, { timeoutMs: 15_000 });
  if (!opened.ok) throw new Error(JSON.stringify(opened.error));
  return opened.value;
};
const controlDirectory = (sshd: Sshd): string => {
  const [name] = readdirSync(sshd.paths.controlDir);
  return join(sshd.paths.controlDir, name ?? '');
};
/** Process id of the master that owns a socket, as its own control channel tells it. */
const masterPid = (sshd: Sshd, index: number): number => {
  const socket = join(controlDirectory(sshd), String(index));
  const answer = execFileSync('sh', ['-c', `ssh -F none -S '${socket}' -O check x 2>&1`], {
    encoding: 'utf8',
  });
  return Number(/pid=(\d+)/.exec(answer)?.[1]);
};

describe('the connection to a host', () => {
  it('serves 50 scripts at once with one login', async () => {
    const { sshd, transport } = await startWith({});
    const numbers = Array.from({ length: 50 }, (_, index) => index);
    const { signal } = new AbortController();
    const results = await Promise.all(
      numbers.map((n) => run(transport, sshd.target(), `echo ${n}; exit ${n}`, signal)),
    );
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    expect(results.map((result) => (result.ok ? result.value.status : result.error.kind))).toEqual(numbers);
    expect(results.map((result) => (result.ok ? result.value.stdout.toString() : ''))).toEqual(
      numbers.map((n) => `${n}\n`),
    );
    expect(logins(sshd)).toBe(1);
  });

  it('copes with an sshd that allows few sessions', async () => {
    const { sshd, transport } = await startWith({}, 'MaxSessions 3');
    const results = await Promise.all(
      Array.from({ length: 12 }, () => run(transport, sshd.target(), 'sleep 0.05')),
    );
    expect(results.filter((result) => !result.ok)).toEqual([]);
    expect(logins(sshd)).toBe(1);
  });

  it('says so when sshd allows one session only', async () => {
    const { sshd, transport } = await startWith({}, 'MaxSessions 1');
    expect(await run(transport, sshd.target(), 'true')).toMatchObject({
      ok: false,
      error: { kind: 'mux-lost', notStarted: true, detail: expect.stringContaining('MaxSessions') as string },
    });
  });

  it('is made anew when its master was killed between two scripts', async () => {
    const { sshd, transport } = await startWith({});
    expect(await run(transport, sshd.target(), 'true')).toMatchObject({ ok: true });
    process.kill(masterPid(sshd, 0), 'SIGKILL');
    expect(await run(transport, sshd.target(), 'true')).toMatchObject({ ok: true });
    expect(logins(sshd)).toBe(2);
  });

  it('lost in the middle of a script is reported as begun, and nothing runs twice', async () => {
    const { sshd, transport } = await startWith({});
    const mark = join(sshd.directory, 'marks');
    mkdirSync(mark);
    const session = await openSession(transport, sshd.target(), `mktemp ${mark}/XXXXXX; cat`);
    await session.lines[Symbol.asyncIterator]().next();
    process.kill(masterPid(sshd, 0), 'SIGKILL');
    expect(await session.close()).toMatchObject({
      ok: false,
      error: { kind: 'mux-lost', notStarted: false },
    });
    expect(readdirSync(mark)).toHaveLength(1);
  });

  it('has its socket in a private directory that dispose removes', async () => {
    const { sshd, transport } = await startWith({});
    await run(transport, sshd.target(), 'true');
    expect(statSync(controlDirectory(sshd)).mode & 0o777).toBe(0o700);
    const pid = masterPid(sshd, 0);
    await transport.dispose();
    expect(readdirSync(sshd.paths.controlDir)).toEqual([]);
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });

  it('works when the control directory has a path too long for sockets', async () => {
    const { sshd } = await startWith({});
    const controlDir = join(sshd.directory, 'x'.repeat(100));
    const transport = createOpenSshTransport({
      paths: { ...sshd.paths, controlDir },
      clock: systemClock,
      random: systemRandom,
    });
    undo.push(() => transport.dispose());
    expect(await run(transport, sshd.target(), 'true')).toMatchObject({ ok: true });
  });

  it('reaches 60 hosts whose sshd sheds load', async () => {
    const { sshd, transport } = await startWith({}, 'MaxStartups 10:30:60');
    const names = Array.from({ length: 60 }, (_, index) => `host-${index}`);
    const results = await Promise.all(names.map((name) => run(transport, sshd.target(name), 'true')));
    expect(results.filter((result) => !result.ok)).toEqual([]);
    expect(logins(sshd)).toBe(60);
  }, 60_000);
});

describe('a session', () => {
  it('sends and receives lines until the script ends', async () => {
    const { sshd, transport } = await startWith({});
    const session = await openSession(
      transport,
      sshd.target(),
      'while read -r line; do echo "got $line"; done; printf "no newline"; echo bye >&2; exit 7',
    );
    const lines = session.lines[Symbol.asyncIterator]();
    session.send('one');
    expect((await lines.next()).value).toBe('got one');
    session.send('two');
    expect((await lines.next()).value).toBe('got two');
    const closed = session.close();
    expect((await lines.next()).value).toBe('no newline');
    expect((await lines.next()).done).toBe(true);
    expect(await closed).toEqual({ ok: true, value: { status: 7, stderr: 'bye\n' } });
  });

  it('abort ends it at once', async () => {
    const { sshd, transport } = await startWith({});
    const session = await openSession(transport, sshd.target(), 'echo up; sleep 60');
    const lines = session.lines[Symbol.asyncIterator]();
    await lines.next();
    session.abort();
    expect((await lines.next()).done).toBe(true);
    expect(await session.close()).toMatchObject({
      ok: false,
      error: { kind: 'cancelled', notStarted: false },
    });
  });

  it('does not outlive its time', async () => {
    const { sshd, transport } = await startWith({});
    const opened = await transport.open(
      sshd.target(),
      { title: 'a listener', text: 'cat' },
      { timeoutMs: 1500 },
    );
    if (!opened.ok) throw new Error(opened.error.detail);
    const seen: string[] = [];
    for await (const line of opened.value.lines) seen.push(line);
    expect(seen).toEqual([]);
    expect(await opened.value.close()).toMatchObject({ ok: false, error: { kind: 'timed-out' } });
  });

  it('gets its data before its lines', async () => {
    const { sshd, transport } = await startWith({});
    const opened = await transport.open(
      sshd.target(),
      { title: 'a test', text: 'read -r a; read -r b; echo "$a $b"', data: 'first\n' },
      { timeoutMs: 15_000 },
    );
    if (!opened.ok) throw new Error(opened.error.detail);
    opened.value.send('second');
    expect((await opened.value.lines[Symbol.asyncIterator]().next()).value).toBe('first second');
    expect(await opened.value.close()).toMatchObject({ ok: true });
  });
});
