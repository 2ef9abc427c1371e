import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { DroverError } from '../../core/error.js';
import { err, ok, type Result } from '../../core/result.js';
import { printable, sentence } from '../../core/text.js';
import type { LabContext } from '../context.js';
import { labError } from '../errors.js';
import { operatorNetns } from '../names.js';
import { inNetns } from '../network/netns.js';
import { hostPaths } from '../paths.js';
import type { LabHost } from '../state/schema.js';
import type { OpenLab } from '../state/store.js';

const PROGRAM = join(import.meta.dirname, 'ssh-answers.main.js');

const consoleTail = async (lab: OpenLab, host: string): Promise<string> => {
  const text = await readFile(hostPaths(lab.paths, host).console, 'utf8').catch(() => '');
  return printable(text).trim().split('\n').slice(-8).join('\n');
};

const bootError = async (
  lab: OpenLab,
  silent: readonly string[],
  timeoutMs: number,
): Promise<DroverError> => {
  const [first = ''] = silent;
  return labError('lab-boot', `sshd of ${sentence(silent)} did not answer within ${timeoutMs / 1000} s`, {
    host: first,
    cause: `end of the console of ${first}:\n${await consoleTail(lab, first)}`,
  });
};

/** Waits until sshd of every host answers inside the lab; reports each host as it comes. */
export const waitForSsh = async (
  context: LabContext,
  lab: OpenLab,
  given: { readonly hosts: readonly LabHost[]; readonly timeoutMs: number },
): Promise<Result<void, DroverError>> => {
  const since = context.clock.monotonic();
  const pending = new Map(given.hosts.map((host) => [`${host.address}:${host.port}`, host.name]));
  const [file, args] = inNetns(operatorNetns(lab.state().plan), [
    process.execPath,
    PROGRAM,
    ...pending.keys(),
  ]);
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  const stop = AbortSignal.any([context.signal, AbortSignal.timeout(given.timeoutMs)]);
  const cut = (): void => void child.kill('SIGKILL');
  stop.addEventListener('abort', cut, { once: true });
  for await (const target of createInterface({ input: child.stdout })) {
    const host = pending.get(target);
    pending.delete(target);
    if (host === undefined) continue;
    const durationMs = context.clock.monotonic() - since;
    context.emit({ type: 'host-done', phase: 'lab-boot', host, durationMs, text: 'sshd answers' });
  }
  stop.removeEventListener('abort', cut);
  return pending.size === 0
    ? ok(undefined)
    : err(await bootError(lab, [...pending.values()], given.timeoutMs));
};
