import { chmod, copyFile, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { execa } from 'execa';
import { check } from '../../../src/lab/exec.js';
import { operatorNetns } from '../../../src/lab/names.js';
import { inNetns } from '../../../src/lab/network/netns.js';
import { hostPaths, labPaths, rootfsHome } from '../../../src/lab/paths.js';
import { parsePackageList } from '../../../src/lab/requirements.js';
import { readState } from '../../../src/lab/state/store.js';
import { must } from './cli.js';
import { value } from './cluster.js';

const PROJECT = join(import.meta.dirname, '..', '..', '..');
const CACHE = dirname(rootfsHome(process.env));

/** The packages that `lab up` asks for, from the outer lab's repository. */
const installPackages = async (root: string, lab: string): Promise<void> => {
  const list = parsePackageList(await readFile(join(PROJECT, 'lab', 'packages.txt'), 'utf8'));
  const names = [...new Set(list.map((one) => one.package))].join(' ');
  const script = `apt-get -qq update && apt-get -qq install -y ${names} >/dev/null 2>&1`;
  const [file, args] = inNetns(operatorNetns({ name: lab }), ['chroot', root, 'sh', '-c', script]);
  await execa(file, args, {
    env: { DEBIAN_FRONTEND: 'noninteractive', PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
  });
};

/** The built program has its libraries in it. */
const installDrover = async (root: string): Promise<void> => {
  const target = join(root, 'opt/drover');
  await mkdir(target, { recursive: true });
  await copyFile(join(PROJECT, 'package.json'), join(target, 'package.json'));
  for (const folder of ['dist', 'lab'])
    await cp(join(PROJECT, folder), join(target, folder), { recursive: true });
  await copyFile(process.execPath, join(root, 'usr/local/bin/node'));
  const program = join(root, 'usr/local/bin/drover');
  await writeFile(program, '#!/bin/sh\nexec node /opt/drover/dist/cli/main.js "$@"\n');
  await chmod(program, 0o755);
};

/** What this machine has cached, so that nothing is fetched or compiled in there. */
const installCache = async (root: string, rootfs: string, folder: string): Promise<void> => {
  const table = await must(['lab', 'build'], folder);
  const made = [...table.matchAll(/(\/\S+)$/gm)].map(([path]) => dirname(path));
  for (const from of [dirname(rootfs), ...made]) {
    const to = join(root, 'root/.cache/drover', relative(CACHE, from));
    await mkdir(dirname(to), { recursive: true });
    await execa('cp', ['-a', from, to]);
  }
};

/** Makes a virtual machine that is switched off a user's machine with Drover on it, by writing to its disk. */
export const furnish = async (lab: string, host: string, folder: string): Promise<void> => {
  const paths = labPaths(process.env, lab);
  const state = await readState(paths);
  if (!state.ok || state.value === undefined) throw new Error(`no lab ${lab}`);
  const root = await mkdtemp(join(tmpdir(), 'drover-disk-'));
  value(await check('mount', ['-o', 'loop', join(hostPaths(paths, host).disk, 'root.raw'), root]));
  try {
    await installPackages(root, lab);
    await installDrover(root);
    await installCache(root, state.value.rootfs, folder);
  } finally {
    value(await check('umount', [root]));
    await rm(root, { recursive: true });
  }
};
