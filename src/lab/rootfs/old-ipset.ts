import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecOutput } from '../exec.js';

/** Release whose ipset (7.10) reads sets only up to revisions that today's ipset no longer writes. */
const OLD_SUITE = 'bullseye';
const PACKAGES = ['ipset', 'libipset13'] as const;

/** Folder inside the repository, and on the lab's package server, with `ipset.deb` and `libipset13.deb`. */
export const OLD_IPSET_FOLDER = 'ipset-old';

export interface OldIpset {
  readonly tree: string;
  readonly repository: string;
  readonly inTree: (command: readonly string[]) => Promise<ExecOutput>;
}

/**
 * Fetches the ipset of an older release, which the fault `ipset-revision` installs. A mirror that has dropped
 * that release is no reason to fail: the fault alone is not available then.
 * @returns whether the packages were fetched
 */
export const fetchOldIpset = async ({ tree, repository, inTree }: OldIpset): Promise<boolean> => {
  const source = join(tree, 'etc/apt/sources.list.d/old.list');
  const mirror = /^deb (\S+)/m.exec(await readFile(join(tree, 'etc/apt/sources.list'), 'utf8'))?.[1] ?? '';
  const folder = join(tree, 'tmp/old');
  await mkdir(folder, { recursive: true });
  await writeFile(source, `deb [check-valid-until=no] ${mirror} ${OLD_SUITE} main\n`);
  const only = ['-o', 'Dir::Etc::sourcelist=sources.list.d/old.list', '-o', 'Dir::Etc::sourceparts=-'];
  const update = await inTree(['apt-get', ...only, 'update', '-q']);
  const wanted = PACKAGES.map((name) => `${name}/${OLD_SUITE}`).join(' ');
  const script = `cd /tmp/old && chmod 777 . && apt-get ${only.join(' ')} -q download ${wanted}`;
  const download = update.status === 0 ? await inTree(['sh', '-c', script]) : update;
  const names = await readdir(folder);
  if (download.status === 0) {
    await mkdir(join(repository, OLD_IPSET_FOLDER));
    for (const name of names) {
      await rename(join(folder, name), join(repository, OLD_IPSET_FOLDER, `${name.split('_')[0] ?? ''}.deb`));
    }
  }
  await rm(folder, { recursive: true });
  await rm(source);
  return download.status === 0;
};
