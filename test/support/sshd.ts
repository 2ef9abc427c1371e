import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { HostTarget } from '../../src/core/ports/transport.js';
import type { RealmPaths } from '../../src/core/realm.js';

const SSHD = '/usr/sbin/sshd';

/** A real sshd on loopback with keys and configuration of its own. */
export interface Sshd {
  readonly directory: string;
  readonly port: number;
  readonly paths: RealmPaths;
  readonly knownHosts: string;
  /** `SHA256:…` of its key. */
  readonly fingerprint: string;
  readonly log: () => string;
  readonly target: (name?: string, more?: Partial<HostTarget>) => HostTarget;
  readonly stop: () => Promise<void>;
}

export const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
};

export const makeKey = (path: string): string => {
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path]);
  return readFileSync(`${path}.pub`, 'utf8').trim();
};

export const fingerprintOf = (publicKeyFile: string): string =>
  execFileSync('ssh-keygen', ['-lf', publicKeyFile], { encoding: 'utf8' }).split(' ')[1] ?? '';

const writeConfiguration = (directory: string, port: number, extra: readonly string[]): string => {
  const path = join(directory, 'sshd_config');
  const lines = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${join(directory, 'host_key')}`,
    `AuthorizedKeysFile ${join(directory, 'authorized_keys')}`,
    'PidFile none',
    'StrictModes no',
    'UsePAM no',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'PermitRootLogin yes',
    'UseDNS no',
    ...(extra.some((line) => line.startsWith('MaxStartups')) ? [] : ['MaxStartups 500']),
    ...extra,
  ];
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
};

const listening = async (child: ChildProcess, log: () => string): Promise<void> => {
  while (!log().includes('Server listening')) {
    if (child.exitCode !== null) throw new Error(`sshd ended: ${log()}`);
    await Promise.race([once(child.stderr!, 'data'), once(child, 'close')]);
  }
};

const clientConfiguration = (directory: string): RealmPaths => {
  const knownHosts = join(directory, 'known_hosts');
  const sshConfig = join(directory, 'ssh_config');
  writeFileSync(
    sshConfig,
    `Host *\n  User ${userInfo().username}\n  IdentityFile ${join(directory, 'user_key')}\n  IdentitiesOnly yes\n  IdentityAgent none\n`,
  );
  return { sshConfig, knownHosts, controlDir: join(directory, 'c'), stateDir: join(directory, 'state') };
};

/** Starts sshd and records its key in the realm's known_hosts. `extra`: further lines of sshd_config. */
export const startSshd = async (...extra: readonly string[]): Promise<Sshd> => {
  if (!existsSync(SSHD)) throw new Error(`${SSHD} is missing: install openssh-server`);
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const directory = mkdtempSync(join(tmpdir(), 'ds-'));
  const port = await freePort();
  const hostKey = makeKey(join(directory, 'host_key'));
  writeFileSync(join(directory, 'authorized_keys'), `${makeKey(join(directory, 'user_key'))}\n`);
  const paths = clientConfiguration(directory);
  const knownHosts = join(directory, 'known_hosts');
  writeFileSync(knownHosts, `[127.0.0.1]:${port} ${hostKey}\n`);
  const child = spawn(SSHD, ['-D', '-e', '-f', writeConfiguration(directory, port, extra)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => {
    log += chunk.toString();
  });
  await listening(child, () => log);
  return {
    directory,
    port,
    paths,
    knownHosts,
    fingerprint: fingerprintOf(join(directory, 'host_key.pub')),
    log: () => log,
    target: (name = 'alpha', more = {}) => ({ name, address: '127.0.0.1', port, ...more }),
    stop: async () => {
      const closed = once(child, 'exit');
      child.kill('SIGTERM');
      await closed;
      rmSync(directory, { recursive: true, force: true });
    },
  };
};
