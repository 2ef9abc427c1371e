import { once } from 'node:events';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { HostTarget, Transport, TransportFailure } from '../../src/core/ports/transport.js';
import type { RealmPaths } from '../../src/core/realm.js';
import type { TransportLimits } from '../../src/transport/limits.js';
import { createOpenSshTransport } from '../../src/transport/openssh.js';
import { systemClock, systemRandom } from '../support/ports.js';
import { fingerprintOf, freePort, makeKey, type Sshd, startSshd } from '../support/sshd.js';

let sshd: Sshd;
let transport: Transport | undefined;
beforeAll(async () => {
  sshd = await startSshd();
});
afterAll(() => sshd.stop());
afterEach(() => transport?.dispose());

interface Setup {
  readonly paths?: RealmPaths;
  readonly limits?: Partial<TransportLimits>;
  readonly env?: NodeJS.ProcessEnv;
}

const attempt = (target: HostTarget, setup: Setup = {}) => {
  transport = createOpenSshTransport({
    paths: sshd.paths,
    clock: systemClock,
    random: systemRandom,
    ...setup,
  });
  return transport.run(target, { title: 'a test', text: 'echo hello' }, { timeoutMs: 15_000 });
};
const failureOf = async (target: HostTarget, setup?: Setup): Promise<TransportFailure> => {
  const result = await attempt(target, setup);
  if (result.ok) throw new Error(`ended with ${result.value.status}`);
  return result.error;
};
const pathsWith = (knownHosts: string): RealmPaths => {
  const file = join(sshd.directory, `known_hosts_${String(knownHosts.length)}`);
  writeFileSync(file, knownHosts);
  return { ...sshd.paths, knownHosts: file };
};

/** A listener that accepts connections and behaves as told, but is no sshd. */
const listener = async (behave: 'silent' | 'close'): Promise<{ port: number; stop: () => void }> => {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    if (behave === 'close') socket.end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, stop: () => void server.close() };
};

describe('a host that cannot be reached', () => {
  it('is refused when nothing listens', async () => {
    const failed = await failureOf(sshd.target('alpha', { port: await freePort() }));
    expect(failed).toMatchObject({ kind: 'refused', host: 'alpha', notStarted: true });
    expect(failed.detail).toContain('Connection refused');
  });

  it('is unreachable when its name does not resolve', async () => {
    const failed = await failureOf(sshd.target('alpha', { address: 'no-such-host.invalid' }));
    expect(failed).toMatchObject({ kind: 'unreachable', notStarted: true });
  });

  it('has timed out when something accepts and never greets', async () => {
    const mute = await listener('silent');
    const failed = await failureOf(sshd.target('alpha', { port: mute.port }), {
      limits: { connectTimeoutMs: 1000 },
    });
    mute.stop();
    expect(failed).toMatchObject({ kind: 'timed-out', notStarted: true });
  });

  it('has timed out when the login does not finish', async () => {
    const mute = await listener('silent');
    const failed = await failureOf(sshd.target('alpha', { port: mute.port }), {
      limits: { connectTimeoutMs: 30_000, loginTimeoutMs: 500 },
    });
    mute.stop();
    expect(failed).toMatchObject({ kind: 'timed-out', notStarted: true });
    expect(failed.detail).toContain('login');
  });

  it('is refused when connections are dropped before the greeting, after trying again', async () => {
    const closing = await listener('close');
    const failed = await failureOf(sshd.target('alpha', { port: closing.port }));
    closing.stop();
    expect(failed).toMatchObject({ kind: 'refused', notStarted: true });
  });
});

describe('a login that is refused', () => {
  it('is an auth failure with the reason of ssh', async () => {
    const stranger = join(sshd.directory, 'stranger');
    makeKey(stranger);
    const config = join(sshd.directory, 'stranger_config');
    writeFileSync(config, `Host *\n IdentityFile ${stranger}\n IdentitiesOnly yes\n IdentityAgent none\n`);
    const failed = await failureOf(sshd.target(), { paths: { ...sshd.paths, sshConfig: config } });
    expect(failed).toMatchObject({ kind: 'auth', notStarted: true });
    expect(failed.detail).toContain('Permission denied');
  });

  it('takes the identity file of the target', async () => {
    const config = join(sshd.directory, 'empty_config');
    writeFileSync(config, '');
    const target = sshd.target('alpha', { identityFile: join(sshd.directory, 'user_key') });
    const result = await attempt(target, { paths: { ...sshd.paths, sshConfig: config } });
    expect(result).toMatchObject({ ok: true, value: { status: 0 } });
  });

  it('names the fault when the host does not run commands', async () => {
    const forced = await startSshd('ForceCommand echo This account is currently not available.; exit 1');
    const failed = await failureOf(forced.target(), { paths: forced.paths });
    await transport?.dispose();
    await forced.stop();
    expect(failed).toMatchObject({ kind: 'protocol', notStarted: true });
    expect(failed.detail).toContain('currently not available');
  });
});

describe('host keys', () => {
  it('are refused when unknown', async () => {
    const failed = await failureOf(sshd.target(), { paths: pathsWith('') });
    expect(failed).toMatchObject({ kind: 'host-key-unknown', notStarted: true });
  });

  it('are refused when the file of the lab does not exist yet', async () => {
    const paths = { ...sshd.paths, knownHosts: join(sshd.directory, 'none') };
    expect(await failureOf(sshd.target(), { paths })).toMatchObject({ kind: 'host-key-unknown' });
  });

  it('are refused when changed, and both sides are named', async () => {
    const other = makeKey(join(sshd.directory, 'other_key'));
    const paths = pathsWith(`[127.0.0.1]:${String(sshd.port)} ${other}\n`);
    const failed = await failureOf(sshd.target(), { paths });
    expect(failed).toMatchObject({ kind: 'host-key-changed', notStarted: true });
    expect(failed.detail).toContain(sshd.fingerprint);
    expect(failed.detail).toContain(paths.knownHosts);
  });

  it('are accepted when their fingerprint is pinned, without any known_hosts', async () => {
    const target = sshd.target('alpha', { fingerprints: ['SHA256:other', sshd.fingerprint] });
    expect(await attempt(target, { paths: pathsWith('') })).toMatchObject({ ok: true, value: { status: 0 } });
  });

  it('are refused when another fingerprint is pinned, although known_hosts knows them', async () => {
    const other = join(sshd.directory, 'pinned_key');
    makeKey(other);
    const target = sshd.target('alpha', { fingerprints: [fingerprintOf(`${other}.pub`)] });
    expect(await failureOf(target)).toMatchObject({ kind: 'host-key-changed', notStarted: true });
  });

  it('are checked even when the configuration switches checking off', async () => {
    const config = join(sshd.directory, 'careless_config');
    const careful = readFileSync(sshd.paths.sshConfig ?? '', 'utf8');
    writeFileSync(config, `StrictHostKeyChecking no\n${careful}`);
    const paths = { ...pathsWith(' '), sshConfig: config };
    expect(await failureOf(sshd.target(), { paths })).toMatchObject({ kind: 'host-key-unknown' });
  });
});

describe('sudo', () => {
  const fakeSudo = async (behaviour: string): Promise<Sshd> => {
    const bin = join(sshd.directory, `bin-${String(behaviour.length)}`);
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, 'sudo'), `#!/bin/sh\n${behaviour}\n`);
    // The tests may run as root, who needs no sudo: another id shows the way of ordinary users.
    writeFileSync(join(bin, 'id'), '#!/bin/sh\necho 1000\n');
    for (const name of ['sudo', 'id']) chmodSync(join(bin, name), 0o755);
    return startSshd(`SetEnv PATH=${bin}:/usr/sbin:/usr/bin:/sbin:/bin`);
  };

  it('is refused when it asks for a password', async () => {
    const host = await fakeSudo('echo "sudo: a password is required" >&2; exit 1');
    const failed = await failureOf(host.target('alpha', { sudo: true }), { paths: host.paths });
    await transport?.dispose();
    await host.stop();
    expect(failed).toMatchObject({ kind: 'sudo-refused', notStarted: true });
    expect(failed.detail).toBe('sudo: a password is required');
  });

  it('carries script and data when it is allowed', async () => {
    const host = await fakeSudo('shift 2; exec "$@"');
    transport = createOpenSshTransport({ paths: host.paths, clock: systemClock, random: systemRandom });
    const target = host.target('alpha', { sudo: true });
    const script = { title: 'a test', text: 'cat; exit 9', data: 'data\n' };
    const result = await transport.run(target, script, { timeoutMs: 15_000 });
    await transport.dispose();
    await host.stop();
    expect(result).toMatchObject({ ok: true, value: { status: 9, stdout: Buffer.from('data\n') } });
  });
});

describe('this machine', () => {
  it('is told that it has no ssh client', async () => {
    const failed = await failureOf(sshd.target(), { env: { PATH: '/nonexistent' } });
    expect(failed).toMatchObject({ kind: 'no-client', notStarted: true });
  });
});
