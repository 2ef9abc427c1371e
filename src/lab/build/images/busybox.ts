import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import type { DroverError } from '../../../core/error.js';
import { err, ok, type Result } from '../../../core/result.js';
import { buildError } from '../errors.js';
import { goArch } from '../key.js';
import { type ImageEntry, program } from './entry.js';
import { BASE } from './recipes.js';

const LIBRARIES: Readonly<Record<string, { readonly folder: string; readonly loader: string }>> = {
  amd64: { folder: 'usr/lib/x86_64-linux-gnu', loader: 'lib64/ld-linux-x86-64.so.2' },
  arm64: { folder: 'usr/lib/aarch64-linux-gnu', loader: 'lib/ld-linux-aarch64.so.1' },
};

/** Debian's busybox needs these; the name service of glibc is inside libc. */
const NEEDED = ['libc.so.6', 'libresolv.so.2'];

const missing = (path: string): DroverError =>
  buildError('lab-images', `The busybox image cannot be made: the lab's root file system has no ${path}`, {
    hint: 'remove the root file system from the cache (drover/rootfs) and run `drover lab build` again',
  });

/**
 * The busybox image from the lab's root file system: Debian's program, its libraries and a link for every applet.
 * The program is run through its own loader to list them, so the machine's libraries do not matter.
 */
export const busyboxEntries = async (tree: string): Promise<Result<readonly ImageEntry[], DroverError>> => {
  const { folder, loader } = LIBRARIES[goArch()] ?? { folder: 'usr/lib', loader: 'lib/ld-linux.so.2' };
  const libraries = NEEDED.map((name) => join(folder, name));
  for (const path of ['usr/bin/busybox', loader, ...libraries]) {
    const found = await stat(join(tree, path)).catch(() => undefined);
    if (found === undefined) return err(missing(path));
  }
  const asked = await execa(
    join(tree, loader),
    ['--library-path', join(tree, folder), join(tree, 'usr/bin/busybox'), '--list'],
    { reject: false },
  );
  if (asked.exitCode !== 0) {
    return err(
      buildError('lab-images', 'The busybox of the lab’s root file system does not run', {
        cause: asked.stderr,
      }),
    );
  }
  const applets = asked.stdout.split('\n').filter((name) => name !== '' && name !== 'busybox');
  return ok([
    ...BASE,
    ...['bin', 'sbin', 'lib', 'lib64'].map(
      (name): ImageEntry => ({ kind: 'link', path: name, target: `usr/${name}` }),
    ),
    ...['usr', 'usr/bin', 'usr/sbin', 'usr/lib', 'usr/lib64', folder].map(
      (path): ImageEntry => ({ kind: 'directory', path, mode: 0o755 }),
    ),
    program('usr/bin/busybox', join(tree, 'usr/bin/busybox')),
    program(`usr/${loader}`, join(tree, loader)),
    ...libraries.map((path) => program(path, join(tree, path))),
    ...applets.map((name): ImageEntry => ({ kind: 'link', path: `usr/bin/${name}`, target: 'busybox' })),
  ]);
};
