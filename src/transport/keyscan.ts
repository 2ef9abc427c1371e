import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { HostTarget, TransportFailure } from '../core/ports/transport.js';
import { err, ok, type Result } from '../core/result.js';
import { connectFailure, failure } from './failure.js';

/** A public key that a host offers. */
export interface HostKey {
  /** ssh-ed25519, ecdsa-sha2-nistp256, ssh-rsa … */
  readonly type: string;
  /** Base64, as it stands in known_hosts. */
  readonly blob: string;
  /** `SHA256:…` as ssh prints it. */
  readonly fingerprint: string;
}

export const fingerprintOf = (blob: string): string =>
  `SHA256:${createHash('sha256').update(Buffer.from(blob, 'base64')).digest('base64').replace(/=+$/, '')}`;

/** Lines of ssh-keyscan or known_hosts: names, type, key. */
export const parseKeyLines = (text: string): readonly (HostKey & { readonly names: string })[] =>
  text.split('\n').flatMap((line) => {
    const [names = '', type = '', blob = ''] = line.trim().split(/\s+/);
    if (names === '' || names.startsWith('#') || names.startsWith('@') || blob === '') return [];
    return [{ names, type, blob, fingerprint: fingerprintOf(blob) }];
  });

export interface ScanOptions {
  readonly timeoutMs: number;
  readonly sshConfig?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
}

/** argv of the scan; a host behind jump hosts is scanned from the last of them, whose own key ssh checks. */
const command = (target: HostTarget, options: ScanOptions): readonly [string, readonly string[]] => {
  const seconds = String(Math.max(1, Math.ceil(options.timeoutMs / 1000)));
  const scan = ['-T', seconds, '-p', String(target.port ?? 22), '--', target.address];
  if (target.jump === undefined) return ['ssh-keyscan', scan];
  const hops = target.jump.split(',');
  const last = hops.pop() ?? '';
  return [
    'ssh',
    [
      ...(options.sshConfig === undefined ? [] : ['-F', options.sshConfig]),
      ...['-o', 'BatchMode=yes', '-o', 'StrictHostKeyChecking=yes', '-o', `ConnectTimeout=${seconds}`],
      ...(hops.length === 0 ? [] : ['-J', hops.join(',')]),
      '--',
      last,
      ['ssh-keyscan', ...scan].join(' '),
    ],
  ];
};

/** ssh-keyscan explains nothing on some failures; a silent host is one that never answered. */
const scanFailure = (target: HostTarget, stderr: string): TransportFailure => {
  const words = stderr
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n');
  return words.trim() === ''
    ? failure(target, 'unreachable', 'it showed no key: nothing listens there, or nothing answered in time')
    : connectFailure(target, words);
};

/** Asks a host for its keys without logging in. Who answers is not proven: a person must compare the fingerprints. */
export const scanHostKeys = async (
  target: HostTarget,
  options: ScanOptions,
): Promise<Result<readonly HostKey[], TransportFailure>> => {
  const [program, args] = command(target, options);
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...(options.env ?? process.env), LC_ALL: 'C' },
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString('utf8');
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString('utf8');
  });
  try {
    await once(child, 'close');
  } catch (error) {
    const kind = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'no-client' : 'cancelled';
    return err(failure(target, kind, `${program} did not run to its end`));
  }
  const keys = parseKeyLines(stdout).map(({ type, blob, fingerprint }) => ({ type, blob, fingerprint }));
  return keys.length === 0 ? err(scanFailure(target, stderr)) : ok(keys);
};
