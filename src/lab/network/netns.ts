import { readdir, stat } from 'node:fs/promises';
import type { DroverError } from '../../core/error.js';
import { ok, type Result } from '../../core/result.js';
import { check, type ExecOptions, type ExecOutput, exec } from '../exec.js';
import { netnsPath, operatorNetns, routerNetns } from '../names.js';

/** Command line that runs a program inside a namespace. `ip netns exec` would hide the cgroups from it. */
export const inNetns = (netns: string, command: readonly string[]): readonly [string, readonly string[]] => [
  'nsenter',
  [`--net=${netnsPath(netns)}`, '--', ...command],
];

export const execInNetns = (
  netns: string,
  command: readonly string[],
  options?: ExecOptions,
): Promise<ExecOutput> => exec(...inNetns(netns, command), options);

export const checkInNetns = (
  netns: string,
  command: readonly string[],
  options?: ExecOptions,
): Promise<Result<string, DroverError>> => check(...inNetns(netns, command), options);

export const netnsExists = (netns: string): Promise<boolean> =>
  stat(netnsPath(netns)).then(
    () => true,
    () => false,
  );

export const addNetns = async (netns: string): Promise<Result<void, DroverError>> => {
  const added = await check('ip', ['netns', 'add', netns]);
  return added.ok ? ok(undefined) : added;
};

/** Removes the namespaces of a lab; interfaces inside go with them. */
export const removeLabNetns = async (lab: string): Promise<void> => {
  const known = await readdir('/run/netns').catch((): string[] => []);
  const own = [routerNetns({ name: lab }), operatorNetns({ name: lab })].filter((name) =>
    known.includes(name),
  );
  for (const name of own) await exec('ip', ['netns', 'delete', name]);
};

/** Runs lines for `ip -batch` inside a namespace. */
export const ipBatch = async (
  netns: string,
  lines: readonly string[],
): Promise<Result<void, DroverError>> => {
  const done = await checkInNetns(netns, ['ip', '-batch', '-'], { input: `${lines.join('\n')}\n` });
  return done.ok ? ok(undefined) : done;
};

/** Sets kernel parameters of a namespace; those that this kernel lacks are passed over. */
export const setSysctls = (netns: string, settings: Readonly<Record<string, string>>): Promise<ExecOutput> =>
  execInNetns(netns, [
    'sysctl',
    '-q',
    '-e',
    '-w',
    ...Object.entries(settings).map(([key, value]) => `${key}=${value}`),
  ]);
