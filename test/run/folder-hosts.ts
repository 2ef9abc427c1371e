import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import type { HostTarget, Transport } from '../../src/core/ports/transport.js';
import { err, ok } from '../../src/core/result.js';

/** Hosts that are folders of this machine: scripts really run, with `/var/lib/drover` inside the folder of their host. */
export interface FolderHosts {
  readonly transport: Transport;
  readonly target: (name: string) => HostTarget;
  readonly path: (host: string, file: string) => string;
  /** Hosts that nobody reaches now. */
  readonly away: Set<string>;
  /** Every script that was asked for, in order. */
  readonly calls: readonly { readonly host: string; readonly title: string }[];
  readonly remove: () => Promise<void>;
}

export const folderHosts = async (names: readonly string[]): Promise<FolderHosts> => {
  const root = await mkdtemp(join(tmpdir(), 'drover-hosts-'));
  for (const name of names) await mkdir(join(root, name));
  const away = new Set<string>();
  const calls: FolderHosts['calls'][number][] = [];
  const path = (host: string, file: string): string => join(root, host, file);
  const run: Transport['run'] = async (host, script) => {
    calls.push({ host: host.name, title: script.title });
    if (away.has(host.name))
      return err({ kind: 'unreachable', host: host.name, detail: 'no answer', notStarted: true });
    const text = script.text.replaceAll('/var/lib/drover', path(host.name, 'drover'));
    const done = await execa('sh', ['-c', text], {
      reject: false,
      encoding: 'buffer',
      stripFinalNewline: false,
      input: script.data === undefined ? new Uint8Array() : Buffer.from(script.data),
    });
    return ok({
      status: done.exitCode ?? -1,
      stdout: Buffer.from(done.stdout),
      stderr: Buffer.from(done.stderr),
      durationMs: 0,
    });
  };
  return {
    transport: {
      run,
      open: () => Promise.reject(new Error('no sessions here')),
      dispose: () => Promise.resolve(),
    },
    target: (name) => ({ name, address: name }),
    path,
    away,
    calls,
    remove: () => rm(root, { recursive: true }),
  };
};
