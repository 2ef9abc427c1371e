import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HostTarget, Transport } from '../../src/core/ports/transport.js';
import { shellQuote } from '../../src/core/shell.js';
import { acquireLock, beat, releaseLock } from '../../src/run/lock/majority.js';
import { actionFolder, restoreScript } from '../../src/run/remote/compose.js';
import { hostEffects } from '../../src/run/remote/host-effects.js';
import { must, specFolder } from './support/cli.js';
import { labTransport } from './support/transport.js';

const LAB = 'effects';
const host = (name: string, address: string): HostTarget => ({ name, address });
const first = host('agent-1', '10.79.0.21');

let folder: string;
let transport: Transport & AsyncDisposable;
beforeAll(async () => {
  folder = await specFolder({ name: LAB, net: '10.79.0', servers: 3, agents: 1 });
  await must(['lab', 'up'], folder);
  transport = await labTransport(LAB);
});
afterAll(async () => {
  await transport[Symbol.asyncDispose]();
  await must(['lab', 'down', LAB], folder);
  await rm(folder, { recursive: true, force: true });
});

let runs = 0;
const effects = (
  part: { readonly run?: string; readonly fencing?: number; readonly signal?: AbortSignal } = {},
) =>
  hostEffects({
    transport,
    target: first,
    run: part.run ?? `test-${Date.now()}-${(runs += 1)}`,
    action: 'test.step/x',
    cluster: 'effects-test',
    fencing: part.fencing ?? 1,
    timeoutMs: 60_000,
    signal: part.signal ?? new AbortController().signal,
  });

const output = async (script: string): Promise<string> => {
  const result = await transport.run(first, { text: script, title: 'look' }, { timeoutMs: 120_000 });
  if (!result.ok) throw new Error(result.error.detail);
  return result.value.stdout.toString();
};

/** Stands before systemd's own program for questions after units; without a text it is there no more. */
const shim = (before: string): Promise<string> => {
  const path = '/usr/local/bin/systemctl';
  const program = `#!/bin/sh\n[ "$1" != is-active ] || { ${before}\n}\nexec /usr/bin/systemctl "$@"\n`;
  return output(
    before === ''
      ? `rm -f ${path}`
      : `printf %s ${shellQuote(program)} > ${path}.new && chmod 755 ${path}.new && mv ${path}.new ${path}`,
  );
};

describe('a change on a host', () => {
  it('gives output and status of the script, and reads its data from memory', async () => {
    const result = await effects().change('data; echo " on $(hostname)"; echo oops >&2; exit 7', {
      data: 'sécret\n$x',
    });
    expect(result).toMatchObject({
      ok: true,
      value: { status: 7, stdout: 'sécret\n$x on agent-1\n', stderr: 'oops\n' },
    });
  });

  it('goes on when the connection is lost, and a second attempt joins it instead of doubling it', async () => {
    const run = `lost-${Date.now()}`;
    const cut = new AbortController();
    const script =
      'echo begun >> /run/drover-test-count; while [ ! -e /run/drover-test-go ]; do sleep 0.1; done; echo finished';
    const lost = effects({ run, signal: cut.signal }).change(script);
    await expect
      .poll(() => output('cat /run/drover-test-count 2>/dev/null || true'), { timeout: 300_000 })
      .toBe('begun\n');
    cut.abort();
    expect(await lost).toMatchObject({ ok: false });
    const joined = effects({ run }).change(script);
    await output('touch /run/drover-test-go');
    expect(await joined).toMatchObject({ ok: true, value: { status: 0, stdout: 'finished\n' } });
    expect(await output('cat /run/drover-test-count; rm -f /run/drover-test-count /run/drover-test-go')).toBe(
      'begun\n',
    );
  });

  it('that ends just while it is asked after is not made again', async () => {
    const run = `ending-${Date.now()}`;
    const cut = new AbortController();
    const script =
      'echo begun >> /run/drover-test-ending; while [ ! -e /run/drover-test-end ]; do sleep 0.1; done';
    const lost = effects({ run, signal: cut.signal }).change(script);
    await expect
      .poll(() => output('cat /run/drover-test-ending 2>/dev/null || true'), { timeout: 300_000 })
      .toBe('begun\n');
    cut.abort();
    expect(await lost).toMatchObject({ ok: false });
    // Whoever asks systemd for the unit gets the answer of the moment after its end.
    await shim(
      'touch /run/drover-test-end; while [ "$(/usr/bin/systemctl "$@")" = active ]; do sleep 0.1; done',
    );
    expect(await effects({ run }).change(script)).toMatchObject({ ok: true, value: { status: 0 } });
    await shim('');
    expect(await output('cat /run/drover-test-ending; rm -f /run/drover-test-end*')).toBe('begun\n');
  });

  it('waits for a systemd that is too busy to answer, and is not begun where it never answers', async () => {
    await shim('echo >> /run/drover-test-asked; [ "$(wc -l < /run/drover-test-asked)" -gt 3 ] || exit 1');
    expect(await effects().change('echo done')).toMatchObject({ ok: true, value: { stdout: 'done\n' } });
    await shim('exit 1');
    expect(await effects().change('touch /run/drover-test-silent')).toMatchObject({
      ok: false,
      error: { code: 'host-systemd-silent', class: 'transient' },
    });
    await shim('');
    expect(
      await output('ls /run/drover-test-silent 2>/dev/null || echo absent; rm -f /run/drover-test-asked'),
    ).toBe('absent\n');
  });

  it('is not repeated when it succeeded already', async () => {
    const run = `once-${Date.now()}`;
    const script = 'echo x >> /run/drover-test-once; wc -l < /run/drover-test-once';
    const one = await effects({ run }).change(script);
    const two = await effects({ run }).change(script);
    expect(two).toEqual(one);
    await output('rm -f /run/drover-test-once');
  });

  it('is refused once a later run has changed the host', async () => {
    expect(await effects({ fencing: 5 }).change('true')).toMatchObject({ ok: true });
    expect(await effects({ fencing: 4 }).change('touch /run/drover-test-fenced')).toMatchObject({
      ok: false,
      error: { code: 'run-fenced-off', class: 'unsafe' },
    });
    expect(await output('ls /run/drover-test-fenced 2>/dev/null || true; rm -rf /var/lib/drover/fence')).toBe(
      '',
    );
  });

  it('that takes longer than its dead-man timer is put back by the host, and says so', async () => {
    const script = 'save_file /etc/drover-late; touch /etc/drover-late; sleep 600';
    const late = await effects().change(script, { deadManSeconds: 1 });
    expect(late).toMatchObject({ ok: false, error: { class: 'transient', code: 'host-put-back' } });
    expect(await output('ls /etc/drover-late 2>/dev/null || true')).toBe('');
  });

  it('leaves no byte of its data on the disk of the host', async () => {
    const run = `canary-${Date.now()}`;
    const canary = 'canary-8c1f2b';
    await effects({ run }).change('data | wc -c', { data: canary });
    const search = `grep -rlaF -e ${canary} -e ${Buffer.from(canary).toString('base64').slice(0, -2)} /var/lib/drover /run/systemd/transient /tmp 2>/dev/null || true`;
    expect(await output(search)).toBe('');
  });
});

describe('the restore point of an action', () => {
  it('puts back files with content, mode, owner and flags, and removes what was not there', async () => {
    await output(
      'mkdir -p /etc/drover-test && cd /etc/drover-test && printf old > kept && chmod 640 kept && chown 1:2 kept && ln -sfn kept link',
    );
    const look =
      'cd /etc && find drover-test drover-new -printf "%p %m %U %G %y %l\\n" 2>/dev/null | sort; cat /etc/drover-test/kept';
    const before = await output(look);
    const run = `restore-${Date.now()}`;
    const written = await effects({ run }).files([
      { path: '/etc/drover-test/kept', content: 'new', mode: '0600' },
      { path: '/etc/drover-test/link', content: 'no longer a link' },
      { path: '/etc/drover-new/deep/file', content: Buffer.from([0, 1, 255]), mode: '0644' },
    ]);
    expect(written).toEqual({ ok: true, value: undefined });
    expect(await output('cat /etc/drover-test/kept; od -An -tx1 /etc/drover-new/deep/file')).toBe(
      'new 00 01 ff\n',
    );
    expect(await output(look)).not.toBe(before);
    const restored = await transport.run(
      first,
      { title: 'restore', text: `DROVER_ACTION=${actionFolder(run, 'test.step/x')}\n${restoreScript()}` },
      { timeoutMs: 120_000 },
    );
    expect(restored.ok && restored.value.stdout.toString()).not.toContain('failed');
    expect(await output(look)).toBe(before);
    await output('rm -rf /etc/drover-test');
  });
});

describe('the lock', () => {
  const servers = [1, 2, 3].map((n) => host(`server-${n}`, `10.79.0.${10 + n}`));
  const claim = (run: string) => ({ cluster: 'lock-test', run, owner: `${run}@desk` });

  it('is held by one run; the second operator learns by whom; the next one has a higher number', async () => {
    const one = await acquireLock(transport, servers, claim('one'));
    if (!one.ok) throw new Error('not taken');
    expect(await acquireLock(transport, servers, claim('two'))).toMatchObject({
      ok: false,
      error: { kind: 'held', stale: false, by: { run: 'one', owner: 'one@desk' } },
    });
    expect(await beat(transport, one.value)).toBe(true);
    await releaseLock(transport, one.value);
    const two = await acquireLock(transport, servers, claim('two'));
    expect(two.ok && two.value.fencing).toBe(one.value.fencing + 1);
    if (two.ok) await releaseLock(transport, two.value);
  });

  it('is lost by a run whose lock was broken', async () => {
    const one = await acquireLock(transport, servers, claim('one'));
    if (!one.ok) throw new Error('not taken');
    const two = await acquireLock(transport, servers, { ...claim('two'), breakRun: 'one' });
    expect(two.ok).toBe(true);
    expect(await beat(transport, one.value)).toBe(false);
    if (two.ok) await releaseLock(transport, two.value);
  });

  it('is given to at most one of two who ask at the same time', async () => {
    const both = await Promise.all([
      acquireLock(transport, servers, claim('left')),
      acquireLock(transport, servers, claim('right')),
    ]);
    expect(both.filter(({ ok }) => ok).length).toBeLessThan(2);
    for (const each of both) if (each.ok) await releaseLock(transport, each.value);
    const after = await acquireLock(transport, servers, claim('after'));
    expect(after.ok).toBe(true);
    if (after.ok) await releaseLock(transport, after.value);
  });
});
