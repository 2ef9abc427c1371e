import { mkdir, readdir, readFile, rmdir, stat, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../core/ports/clock.js';

const ROOT = '/sys/fs/cgroup';
const CGROUP2_MAGIC = 0x63677270;

/**
 * How hosts get their cgroups: `v1` = one group in every mounted v1 hierarchy (and the v2 one beside them);
 * `scope` = a delegated scope unit of this machine's systemd; `v2` = a group of the v2 hierarchy, without systemd.
 */
export type CgroupMode = 'v1' | 'v2' | 'scope';

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

export const detectCgroups = async (): Promise<CgroupMode> => {
  if ((await statfs(ROOT)).type !== CGROUP2_MAGIC) return 'v1';
  return (await exists('/run/systemd/system')) ? 'scope' : 'v2';
};

/** Mount points of cgroup hierarchies in mountinfo text. */
export const parseHierarchies = (mountinfo: string): readonly string[] => {
  const points = mountinfo.split('\n').flatMap((line) => {
    const [before = '', after = ''] = line.split(' - ');
    return /^cgroup2? /.test(after) ? [before.split(' ')[4] ?? ''] : [];
  });
  return [...new Set(points)].filter((point) => point.startsWith(ROOT));
};

const hierarchies = async (): Promise<readonly string[]> =>
  parseHierarchies(await readFile('/proc/self/mountinfo', 'utf8'));

/** Directories that a group has, or would have, on this machine. */
export const groupPaths = async (mode: CgroupMode, group: string): Promise<readonly string[]> => {
  if (mode === 'scope') return [join(ROOT, 'system.slice', `${group}.scope`)];
  if (mode === 'v2') return [join(ROOT, group)];
  return (await hierarchies()).map((point) => join(point, group));
};

/** cpuset groups start empty and take no process until they have CPUs and memory nodes. */
const fillCpuset = async (group: string): Promise<void> => {
  for (const file of ['cpuset.cpus', 'cpuset.mems']) {
    const own = join(group, file);
    if (!(await exists(own))) continue;
    const parent = await readFile(join(group, '..', file), 'utf8').catch(() => '');
    if (parent.trim() !== '') await writeFile(own, parent.trim());
  }
};

/** Makes the groups of a host and returns them. A scope is made by systemd-run when the host starts. */
export const makeGroups = async (mode: CgroupMode, group: string): Promise<readonly string[]> => {
  if (mode === 'scope') return [];
  const paths = await groupPaths(mode, group);
  for (const path of paths) {
    await mkdir(path, { recursive: true });
    if (mode === 'v1') await fillCpuset(path);
  }
  return paths;
};

const subgroups = async (path: string): Promise<readonly string[]> => {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map((entry) => join(path, entry.name));
};

/** Processes of a group and of all groups below it. */
export const groupProcesses = async (path: string): Promise<readonly number[]> => {
  const text = await readFile(join(path, 'cgroup.procs'), 'utf8').catch(() => '');
  const below = await Promise.all((await subgroups(path)).map(groupProcesses));
  return [...text.split('\n').filter(Boolean).map(Number), ...below.flat()];
};

const removeTree = async (path: string): Promise<void> => {
  for (const child of await subgroups(path)) await removeTree(child);
  await rmdir(path).catch(() => undefined);
};

const kill = (pid: number): void => {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself in the meantime.
  }
};

/**
 * Kills whatever still runs in a host's groups and removes them, deepest first: kubelet leaves hundreds behind.
 * @returns false when something could not be removed within ten seconds
 */
export const removeGroups = async (mode: CgroupMode, group: string, clock: Clock): Promise<boolean> => {
  const paths = await groupPaths(mode, group);
  const deadline = clock.monotonic() + 10_000;
  for (;;) {
    const pids = new Set((await Promise.all(paths.map(groupProcesses))).flat().filter((pid) => pid > 0));
    for (const pid of pids) kill(pid);
    await Promise.all(paths.map(removeTree));
    const left = await Promise.all(paths.map(exists));
    if (!left.includes(true)) return true;
    if (clock.monotonic() > deadline) return false;
    await clock.delay(20);
  }
};
