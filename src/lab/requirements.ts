import { access, constants, readFile, stat, statfs } from 'node:fs/promises';
import { freemem } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import type { DroverError } from '../core/error.js';
import { count } from '../core/text.js';
import { labError } from './errors.js';
import { labsHome, rootfsHome } from './paths.js';
import type { LabPlan } from './state/schema.js';

type Env = Readonly<Record<string, string | undefined>>;

/** A program or file that the lab needs, and the package that brings it. */
export interface Requirement {
  readonly needs: string;
  readonly package: string;
}

/** lab/packages.txt is also read by the setup script, which runs before anything is built. */
const LIST = join(import.meta.dirname, '..', '..', 'lab', 'packages.txt');

export const parsePackageList = (text: string): readonly Requirement[] =>
  text
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => line.trim().split(/\s+/))
    .map(([needs = '', name = '']) => ({ needs, package: name }));

const isFile = async (path: string): Promise<boolean> => {
  try {
    await access(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
};

const SYSTEM_PATHS = ['/usr/sbin', '/usr/bin', '/sbin', '/bin'];

const isPresent = async (env: Env, needs: string): Promise<boolean> => {
  if (needs.startsWith('/')) return isFile(needs);
  const folders = [...(env.PATH ?? '').split(delimiter), ...SYSTEM_PATHS];
  const found = await Promise.all(folders.map((folder) => isFile(join(folder, needs))));
  return found.includes(true);
};

const missingPackages = async (env: Env): Promise<readonly DroverError[]> => {
  const list = parsePackageList(await readFile(LIST, 'utf8'));
  const present = await Promise.all(list.map(({ needs }) => isPresent(env, needs)));
  const missing = [...new Set(list.filter((_, index) => !present[index]).map((entry) => entry.package))];
  if (missing.length === 0) return [];
  return [
    labError('lab-package-missing', `${count(missing.length, 'package')} missing: ${missing.join(', ')}`, {
      hint: `sudo apt-get install -y ${missing.join(' ')}`,
    }),
  ];
};

const existingParent = async (path: string): Promise<string> => {
  for (let at = path; ; at = dirname(at)) {
    if (at === '/' || (await isFile(at))) return at;
  }
};

const MIB = 1024 * 1024;
const ROOTFS_MIB = 1600;
/** What a lab is going to take of the machine. */
export interface LabNeeds {
  readonly hosts: number;
  readonly memoryMiB: number;
  readonly diskMiB: number;
}

const HOST_MIB = 64;
/** What the engine takes on top, with its add-ons running. */
const SERVER_MIB = 500;
const AGENT_MIB = 170;
const CLUSTER_DISK_MIB = 400;

/** Pure. */
export const needsOf = ({ hosts, cluster }: LabPlan): LabNeeds => {
  const bare = {
    hosts: hosts.length,
    memoryMiB: 200 + hosts.length * HOST_MIB,
    diskMiB: hosts.length * HOST_MIB,
  };
  if (cluster === undefined) return bare;
  const servers = hosts.filter(({ role }) => role === 'server').length;
  const agents = hosts.filter(({ role }) => role === 'agent').length;
  return {
    ...bare,
    memoryMiB: bare.memoryMiB + servers * SERVER_MIB + agents * AGENT_MIB,
    diskMiB: bare.diskMiB + (servers + agents) * CLUSTER_DISK_MIB,
  };
};

const diskErrors = async (
  folder: string,
  wantedMiB: number,
  what: string,
): Promise<readonly DroverError[]> => {
  const at = await existingParent(folder);
  const info = await statfs(at);
  const freeMiB = Math.floor((info.bavail * info.bsize) / MIB);
  if (freeMiB >= wantedMiB) return [];
  return [
    labError('lab-disk', `${freeMiB} MiB free on the disk of ${at}, ${what} needs ${wantedMiB} MiB`, {
      hint: 'free some space, or set XDG_CACHE_HOME and XDG_STATE_HOME to a larger disk',
    }),
  ];
};

const OVERLAYFS_MAGIC = 0x794c7630;

const fileSystemErrors = async (env: Env): Promise<readonly DroverError[]> => {
  const at = await existingParent(labsHome(env));
  if ((await statfs(at)).type !== OVERLAYFS_MAGIC) return [];
  return [
    labError('lab-file-system', `${at} lies on an overlay file system`, {
      hint: 'set XDG_STATE_HOME to a directory on ext4, xfs or btrfs',
    }),
  ];
};

const availableMiB = async (): Promise<number> => {
  const meminfo = await readFile('/proc/meminfo', 'utf8');
  const available = /^MemAvailable:\s+(\d+) kB/m.exec(meminfo)?.[1];
  return Math.floor(available === undefined ? freemem() / MIB : Number(available) / 1024);
};

const memoryErrors = async ({ hosts, memoryMiB: wanted }: LabNeeds): Promise<readonly DroverError[]> => {
  const available = await availableMiB();
  if (available >= wanted) return [];
  return [
    labError(
      'lab-memory',
      `${available} MiB of memory available, ${count(hosts, 'host')} need ${wanted} MiB`,
      {
        hint: 'start fewer hosts: `drover lab up HOST …`',
      },
    ),
  ];
};

const kernelErrors = async (): Promise<readonly DroverError[]> => {
  const fileSystems = await readFile('/proc/filesystems', 'utf8');
  const hasOverlay = /\boverlay$/m.test(fileSystems) || (await isFile('/proc/sys/kernel/modprobe'));
  const hasNamespaces = await isFile('/proc/self/ns/net');
  const lacks = [hasOverlay ? '' : 'overlay file systems', hasNamespaces ? '' : 'network namespaces'].filter(
    Boolean,
  );
  if (lacks.length === 0) return [];
  return [
    labError('lab-kernel', `This kernel has no ${lacks.join(' and no ')}`, { hint: 'use a virtual machine' }),
  ];
};

/** Everything that keeps a lab from starting on this machine, all at once. */
export const checkRequirements = async (env: Env, needs: LabNeeds): Promise<readonly DroverError[]> => {
  if (process.platform !== 'linux') {
    return [
      labError('lab-needs-linux', `The lab runs on Linux, this is ${process.platform}`, {
        hint: 'use a Linux machine; your own machines can be measured from here: `drover doctor root@ADDRESS …`',
      }),
    ];
  }
  const errors: DroverError[] = [];
  if (process.getuid?.() !== 0) {
    errors.push(
      labError('lab-needs-root', 'The lab can only be made by root', {
        hint: 'run the same command with `sudo`; without root, measure your own machines: `drover doctor root@ADDRESS …`',
      }),
    );
  }
  const hasRootfs = await stat(rootfsHome(env)).then(
    () => true,
    () => false,
  );
  const groups = await Promise.all([
    missingPackages(env),
    kernelErrors(),
    fileSystemErrors(env),
    hasRootfs ? [] : diskErrors(rootfsHome(env), ROOTFS_MIB, 'the root file system'),
    diskErrors(labsHome(env), needs.diskMiB, count(needs.hosts, 'host')),
    memoryErrors(needs),
  ]);
  return [...errors, ...groups.flat()];
};
