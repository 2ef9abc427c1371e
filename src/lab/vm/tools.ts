import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import type { DroverError } from '../../core/error.js';
import { err, ok, type Result } from '../../core/result.js';
import { printable } from '../../core/text.js';
import { type CacheSlot, lookup, make } from '../build/cache.js';
import { keyOf } from '../build/key.js';
import type { LabContext } from '../context.js';
import { exec } from '../exec.js';
import { machineMirror } from '../rootfs/mirror.js';
import { vmError } from './errors.js';
import { writeInitrds } from './initrd.js';
import { vmHome } from './paths.js';

/** Raised when what is made from the packages changes. */
const FORMAT = 1;
const SUITE = 'trixie';
const PACKAGES = ['qemu-system-x86', 'linux-image-cloud-amd64', 'busybox-static', 'zstd'] as const;

/** QEMU and a kernel, unpacked from Debian packages into the cache. Nothing of it is installed on the machine. */
export interface VmTools {
  readonly key: string;
  readonly tree: string;
  /** Kernel release, e.g. `6.12.48+deb13-cloud-amd64`. */
  readonly release: string;
  /** The kernel without its compression: unpacking it in an emulated machine would take seconds. */
  readonly kernel: string;
  readonly initrd: string;
  /** Boots, says so and switches off: shows whether an accelerator works. */
  readonly testInitrd: string;
}

/** Command line that runs a program of the tools with its own loader and libraries, whatever the machine's are. */
export const toolCommand = (tree: string, program: string): readonly [string, ...string[]] => [
  join(tree, 'usr/lib64/ld-linux-x86-64.so.2'),
  '--library-path',
  join(tree, 'usr/lib/x86_64-linux-gnu'),
  join(tree, 'usr/bin', program),
];

const ZSTD_MAGIC = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
const ELF_MAGIC = Buffer.from('\u007fELF', 'latin1');

/** Takes the kernel out of its compressed image, as the kernel's own `extract-vmlinux` does. */
const unpackKernel = async (
  tree: string,
  release: string,
  target: string,
): Promise<Result<void, DroverError>> => {
  const image = await readFile(join(tree, 'boot', `vmlinuz-${release}`));
  const start = image.indexOf(ZSTD_MAGIC);
  const [loader, ...args] = toolCommand(tree, 'zstd');
  // What follows the compressed kernel makes zstd end with an error after it has written everything.
  const unpacked = await execa(loader, [...args, '-dcq'], {
    input: image.subarray(Math.max(start, 0)),
    encoding: 'buffer',
    reject: false,
    maxBuffer: 512 * 1024 * 1024,
  });
  if (!Buffer.from(unpacked.stdout.subarray(0, 4)).equals(ELF_MAGIC)) {
    return err(vmError('lab-vm-tools', `The kernel ${release} could not be unpacked`));
  }
  await writeFile(target, unpacked.stdout);
  return ok(undefined);
};

const bootstrap = async (tree: string, context: LabContext): Promise<Result<void, DroverError>> => {
  const started = context.clock.monotonic();
  const mirror = await machineMirror();
  const done = await exec(
    'debootstrap',
    [
      '--variant=minbase',
      '--arch=amd64',
      '--keyring=/usr/share/keyrings/debian-archive-keyring.gpg',
      `--include=${PACKAGES.join(',')}`,
      SUITE,
      tree,
      ...(mirror === undefined ? [] : [mirror]),
    ],
    {
      signal: context.signal,
      onLine: (line) =>
        context.emit({
          type: 'waiting',
          what: 'tools for virtual machines',
          sinceMs: context.clock.monotonic() - started,
          last: printable(line),
        }),
    },
  );
  if (done.status === 0) return ok(undefined);
  return err(
    vmError('lab-vm-tools', `debootstrap ended with status ${done.status}`, {
      cause: printable(`${done.stdout}${done.stderr}`).trim().split('\n').slice(-5).join('\n'),
      state: 'the unfinished tools were removed',
      hint: 'see whether this machine reaches its package mirror (`sudo apt-get update`)',
    }),
  );
};

const releaseOf = async (tree: string): Promise<string> => {
  const [release = ''] = await readdir(join(tree, 'usr/lib/modules'));
  return release;
};

const fill = async (directory: string, context: LabContext): Promise<Result<void, DroverError>> => {
  const tree = join(directory, 'tree');
  const made = await bootstrap(tree, context);
  if (!made.ok) return made;
  await rm(join(tree, 'var/cache/apt/archives'), { recursive: true, force: true });
  const release = await releaseOf(tree);
  const unpacked = await unpackKernel(tree, release, join(directory, 'vmlinux'));
  if (!unpacked.ok) return unpacked;
  const staging = join(directory, 'staging');
  await mkdir(staging);
  await writeInitrds({ tree, release, staging, directory });
  await rm(staging, { recursive: true });
  return ok(undefined);
};

/** The tools from the cache; made first, in about a minute, when they are not there. */
export const vmTools = async (context: LabContext): Promise<Result<VmTools, DroverError>> => {
  if (process.arch !== 'x64') {
    return err(vmError('lab-vm-processor', `this machine’s processor is ${process.arch}`));
  }
  const slot: CacheSlot = {
    home: join(vmHome(context.env), 'tools'),
    key: keyOf({ format: FORMAT, suite: SUITE, packages: PACKAGES }),
  };
  const present = await lookup(slot, new Date(context.clock.now()));
  if (present === undefined) {
    const text =
      'making the tools for virtual machines: QEMU and a Debian kernel, once, about 1 minute and 600 MB';
    context.emit({ type: 'note', level: 'info', text });
  }
  const made =
    present === undefined ? await make(slot, (directory) => fill(directory, context)) : ok(present);
  if (!made.ok) return made;
  const tree = join(made.value, 'tree');
  return ok({
    key: slot.key,
    tree,
    release: await releaseOf(tree),
    kernel: join(made.value, 'vmlinux'),
    initrd: join(made.value, 'initrd'),
    testInitrd: join(made.value, 'test-initrd'),
  });
};
