import { cp, mkdir, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { DroverError } from '../../core/error.js';
import { err, ok, type Result } from '../../core/result.js';
import { printable } from '../../core/text.js';
import { type CacheSlot, lookup, make } from '../build/cache.js';
import { keyOf } from '../build/key.js';
import type { LabContext } from '../context.js';
import { exec } from '../exec.js';
import { CONSOLE_PROGRAM, CONSOLE_UNIT } from './console.js';
import { vmError } from './errors.js';
import { vmHome } from './paths.js';
import type { VmTools } from './tools.js';

/** Raised when the disk of the same parts comes out differently. */
const FORMAT = 1;

/** What a host sees; the file is sparse. */
const DISK_BYTES = 16 * 1024 ** 3;

/** Masked in containers, where they serve nobody; `systemctl reboot` asks logind. */
const UNMASKED = ['systemd-logind.service'];

/** Units of the shared root file system that pretend about a kernel which these hosts really have. */
const MASKED = ['drover-lab-view.service'];

const adapt = async (tree: string, tools: VmTools): Promise<void> => {
  const units = join(tree, 'etc/systemd/system');
  await mkdir(join(units, 'multi-user.target.wants'), { recursive: true });
  for (const unit of UNMASKED) await rm(join(units, unit), { force: true });
  for (const unit of MASKED) {
    await rm(join(units, unit), { force: true });
    await symlink('/dev/null', join(units, unit));
  }
  await writeFile(join(tree, 'usr/local/sbin/drover-lab-console'), CONSOLE_PROGRAM, { mode: 0o755 });
  await writeFile(join(units, 'drover-lab-console.service'), CONSOLE_UNIT);
  await symlink(
    '../drover-lab-console.service',
    join(units, 'multi-user.target.wants/drover-lab-console.service'),
  );
  const modules = join('usr/lib/modules', tools.release);
  await cp(join(tools.tree, modules), join(tree, modules), { recursive: true, verbatimSymlinks: true });
};

const failed = (program: string, output: { readonly stdout: string; readonly stderr: string }): DroverError =>
  vmError('lab-vm-image', `\`${program}\` failed while the disk was made`, {
    cause: printable(`${output.stdout}${output.stderr}`).trim().split('\n').slice(-5).join('\n'),
    state: 'the unfinished disk was removed',
    hint: 'see whether the disk of the cache is full (about 1.5 GB are needed)',
  });

const fill = async (
  directory: string,
  rootfs: string,
  tools: VmTools,
): Promise<Result<void, DroverError>> => {
  const tree = join(directory, 'tree');
  const copied = await exec('cp', ['-a', '--reflink=auto', rootfs, tree]);
  if (copied.status !== 0) return err(failed('cp', copied));
  await adapt(tree, tools);
  const disk = join(directory, 'root.raw');
  await writeFile(disk, '');
  await truncate(disk, DISK_BYTES);
  const options = 'lazy_itable_init=1,lazy_journal_init=1,root_owner=0:0';
  const made = await exec('mke2fs', [
    '-q',
    '-F',
    '-t',
    'ext4',
    '-J',
    'size=16',
    '-E',
    options,
    '-d',
    tree,
    disk,
  ]);
  if (made.status !== 0) return err(failed('mke2fs', made));
  await rm(tree, { recursive: true });
  return ok(undefined);
};

/** The disk that every virtual machine starts from a copy of; from the cache, or made in a few seconds. */
export const vmImage = async (
  rootfs: string,
  tools: VmTools,
  context: LabContext,
): Promise<Result<string, DroverError>> => {
  const slot: CacheSlot = {
    home: join(vmHome(context.env), 'disks'),
    key: keyOf({
      format: FORMAT,
      rootfs: basename(dirname(rootfs)),
      tools: tools.key,
      console: [CONSOLE_PROGRAM, CONSOLE_UNIT],
      masked: MASKED,
      unmasked: UNMASKED,
    }),
  };
  const present = await lookup(slot, new Date(context.clock.now()));
  const made =
    present === undefined ? await make(slot, (directory) => fill(directory, rootfs, tools)) : ok(present);
  return made.ok ? ok(join(made.value, 'root.raw')) : made;
};
