import type { DroverError } from '../../core/error.js';
import { err, ok, type Result } from '../../core/result.js';
import { labError } from '../errors.js';
import { type ExecOptions, type ExecOutput, exec } from '../exec.js';
import { isAlive, leaderOf, type Process } from '../processes.js';
import type { OpenLab } from '../state/store.js';
import { runOnConsole } from '../vm/console.js';
import { consoleSocket } from '../vm/paths.js';

type Command = readonly [string, readonly string[]];

const off = (host: string): DroverError =>
  labError('lab-host-power', `${host} is not running`, { host, hint: `drover lab start ${host}` });

const leader = async (lab: OpenLab, host: string): Promise<Result<Process, DroverError>> => {
  const nspawn = lab.state().hosts.find((entry) => entry.name === host)?.process;
  const found = nspawn === undefined ? undefined : await leaderOf(nspawn);
  if (found !== undefined) return ok(found);
  return err(off(host));
};

/** Wraps commands of this machine so that they act on the network of a running host. */
export const inHostNetns = async (
  lab: OpenLab,
  host: string,
): Promise<Result<(command: readonly string[]) => Command, DroverError>> => {
  const found = await leader(lab, host);
  if (!found.ok) return found;
  return ok((command) => ['nsenter', ['--target', String(found.value.pid), '--net', '--', ...command]]);
};

/**
 * Where the files of a running host can be read and written from this machine, with everything that is mounted there.
 * Absolute links on the way would leave the host: only for folders that are none.
 */
export const hostRoot = async (lab: OpenLab, host: string): Promise<Result<string, DroverError>> => {
  const found = await leader(lab, host);
  return found.ok ? ok(`/proc/${found.value.pid}/root`) : found;
};

const SCRIPT_MS = 60_000;

const runInVm = async (
  lab: OpenLab,
  host: string,
  given: { readonly script: string; readonly timeoutMs?: number },
): Promise<Result<ExecOutput, DroverError>> => {
  const running = lab.state().hosts.find((entry) => entry.name === host)?.process;
  if (running === undefined || !(await isAlive(running))) return err(off(host));
  const { script, timeoutMs = SCRIPT_MS } = given;
  return runOnConsole(consoleSocket(lab, host), { host, script, timeoutMs });
};

const runInContainer = async (
  lab: OpenLab,
  host: string,
  { script, ...options }: Omit<ExecOptions, 'input' | 'env'> & { readonly script: string },
): Promise<Result<ExecOutput, DroverError>> => {
  const found = await leader(lab, host);
  if (!found.ok) return found;
  const namespaces = ['--mount', '--uts', '--ipc', '--net', '--pid', '--cgroup'];
  const args = [
    '--target',
    String(found.value.pid),
    ...namespaces,
    '--root',
    '--wdns=/',
    '--',
    '/bin/sh',
    '-eu',
    '-c',
    script,
  ];
  const env = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C.UTF-8' };
  return ok(await exec('nsenter', args, { ...options, env }));
};

/**
 * Runs a shell script as root inside a running host, without its network or sshd: works on hosts whose network
 * is broken on purpose. Scripts hold no secrets; their stdin is empty.
 */
export const runInHost = (
  lab: OpenLab,
  host: string,
  script: string,
  options: { readonly timeoutMs?: number } = {},
): Promise<Result<ExecOutput, DroverError>> =>
  (lab.state().plan.vm === undefined ? runInContainer : runInVm)(lab, host, { ...options, script });
