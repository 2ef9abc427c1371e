import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type {
  RunOptions,
  RunOutput,
  Script,
  Transport,
  TransportFailure,
} from '../../src/core/ports/transport.js';
import { createOpenSshTransport } from '../../src/transport/openssh.js';
import { systemClock, systemRandom } from '../support/ports.js';
import { type Sshd, startSshd } from '../support/sshd.js';

let sshd: Sshd;
let transport: Transport;
beforeAll(async () => {
  sshd = await startSshd();
  transport = createOpenSshTransport({ paths: sshd.paths, clock: systemClock, random: systemRandom });
});
afterAll(async () => {
  await transport.dispose();
  await sshd.stop();
});

const script = (text: string, data?: string | Uint8Array): Script => ({
  title: 'a test',
  text,
  ...(data === undefined ? {} : { data }),
});
const run = async (
  text: string,
  data?: string | Uint8Array,
  options?: Partial<RunOptions>,
): Promise<RunOutput> => {
  const result = await transport.run(sshd.target(), script(text, data), { timeoutMs: 15_000, ...options });
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
};
const fail = async (text: string, options: Partial<RunOptions>): Promise<TransportFailure> => {
  const result = await transport.run(sshd.target(), script(text), { timeoutMs: 15_000, ...options });
  if (result.ok) throw new Error(`ended with ${result.value.status}`);
  return result.error;
};

describe('a script over ssh', () => {
  it.each([0, 1, 42, 126, 127, 254, 255])('reports its own status %i', async (status) => {
    expect((await run(`exit ${status}`)).status).toBe(status);
  });

  it('reports the status of a failing command under set -e', async () => {
    const output = await run('set -e\nfalse\necho not reached');
    expect(output.status).toBe(1);
    expect(output.stdout.toString()).toBe('');
  });

  it('reports a shell syntax error as status of the script', async () => {
    expect((await run('if')).status).toBeGreaterThan(0);
  });

  it('keeps stdout and stderr apart and free of its own lines', async () => {
    const output = await run('printf out; printf err >&2; printf " more"');
    expect([output.stdout.toString(), output.stderr.toString()]).toEqual(['out more', 'err']);
  });

  it('gives the script exactly the data as its input', async () => {
    const data = randomBytes(300_001);
    const output = await run('sha256sum', data);
    expect(output.stdout.toString().split(' ')[0]).toBe(createHash('sha256').update(data).digest('hex'));
  });

  it('never runs data that looks like a script', async () => {
    const data = 'echo I was run\nexit 3\n';
    const output = await run('cat', data);
    expect(output).toMatchObject({ status: 0 });
    expect(output.stdout.toString()).toBe(data);
  });

  it('does not feed the script to itself when there is no data', async () => {
    expect((await run('cat; echo end\n\n\n')).stdout.toString()).toBe('end\n');
  });

  it('takes a script of 200 kB with quotes, backslashes and other alphabets', async () => {
    const odd = `cat <<'END'\n'"\\$(false)\`!é漢字\nEND\n`;
    const output = await run(`${odd}${'# padding\n'.repeat(20_000)}echo done`);
    expect(output.stdout.toString()).toBe(`'"\\$(false)\`!é漢字\ndone\n`);
  });

  it('brings 8 MiB of output home whole', async () => {
    const output = await run('head -c 8388608 /dev/zero');
    expect(output.stdout.length).toBe(8_388_608);
  });

  it('shows neither script nor data in the process list of the host', async () => {
    const output = await run(
      'cat > /dev/null; tr "\\0" " " < /proc/$$/cmdline; true private-word',
      'hunter2',
    );
    expect(output.stdout.toString()).toContain('d_status');
    expect(output.stdout.toString()).not.toMatch(/hunter2|private-word/);
  });

  it('does not wait for a daemon that the script leaves behind', async () => {
    const output = await run('sleep 30 & echo $!');
    expect(output.durationMs).toBeLessThan(10_000);
    process.kill(Number(output.stdout.toString()));
  });

  it('runs with LC_ALL=C', async () => {
    expect((await run('echo $LC_ALL')).stdout.toString()).toBe('C\n');
  });
});

describe('a script that is given up', () => {
  it('fails with output-limit when it prints too much', async () => {
    const failed = await fail('yes', { outputLimit: 100_000 });
    expect(failed).toMatchObject({ kind: 'output-limit', notStarted: false });
  });

  it('fails with timed-out and its process group is ended', async () => {
    const failed = await fail('echo $$ > "$HOME/.drover-test-pid"; exec sleep 60', { timeoutMs: 1500 });
    expect(failed).toMatchObject({ kind: 'timed-out', notStarted: false });
    const check = await run(
      'pid=$(cat "$HOME/.drover-test-pid"); rm "$HOME/.drover-test-pid"; ls -d "/proc/$pid"',
    );
    expect(check.status).not.toBe(0);
  });

  it('fails with cancelled when its signal is aborted, and what it started ends too', async () => {
    const abort = new AbortController();
    const opened = await transport.open(sshd.target(), script('sleep 77 & echo $!; wait'), {
      timeoutMs: 15_000,
      signal: abort.signal,
    });
    if (!opened.ok) throw new Error(opened.error.detail);
    const lines = opened.value.lines[Symbol.asyncIterator]();
    const pid = (await lines.next()).value as string;
    abort.abort();
    expect(await opened.value.close()).toMatchObject({ ok: false, error: { kind: 'cancelled' } });
    await transport.dispose();
    transport = createOpenSshTransport({ paths: sshd.paths, clock: systemClock, random: systemRandom });
    expect(() => process.kill(Number(pid), 0)).toThrow('ESRCH');
  });

  it('does not start at all when its signal was aborted before', async () => {
    const failed = await fail('true', { signal: AbortSignal.abort() });
    expect(failed).toMatchObject({ kind: 'cancelled', notStarted: true });
  });
});
