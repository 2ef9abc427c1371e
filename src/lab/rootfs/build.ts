import { chmod, cp, mkdir, rm, unlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DroverError } from '../../core/error.js';
import { err, ok, type Result } from '../../core/result.js';
import { printable } from '../../core/text.js';
import type { LabContext } from '../context.js';
import { labError } from '../errors.js';
import { type ExecOutput, exec } from '../exec.js';
import { fetchOldIpset } from './old-ipset.js';
import type { Recipe } from './recipe.js';

const SERVES_NOTHING = 'the unfinished root file system was removed';

const failed = (what: string, output: ExecOutput): DroverError =>
  labError(
    'lab-rootfs',
    `The root file system could not be made: ${what} ended with status ${output.status}`,
    {
      cause: printable(`${output.stdout}${output.stderr}`).trim().split('\n').slice(-5).join('\n'),
      state: SERVES_NOTHING,
      hint: 'see whether this machine reaches its package mirror (`sudo apt-get update`), or name another with --mirror URL',
    },
  );

/** apt's proxy, which debootstrap does not read by itself. */
const proxyEnv = async (context: LabContext): Promise<Readonly<Record<string, string>>> => {
  if (context.env.http_proxy !== undefined) return {};
  const shown = await exec('apt-config', ['shell', 'PROXY', 'Acquire::http::Proxy']);
  const proxy = /^PROXY='(.+)'$/m.exec(shown.stdout)?.[1];
  return proxy === undefined ? {} : { http_proxy: proxy };
};

interface Building {
  readonly context: LabContext;
  readonly recipe: Recipe;
  /** The directory that becomes the cache entry: `tree` and `repository` inside. */
  readonly folder: string;
  readonly tree: string;
  readonly env: Readonly<Record<string, string>>;
  readonly onLine: (line: string) => void;
}

const bootstrap = async (
  building: Building,
  mirror: string | undefined,
): Promise<Result<void, DroverError>> => {
  const { recipe, tree, env, onLine, context } = building;
  const args = [
    '--variant=minbase',
    `--arch=${recipe.arch}`,
    '--keyring=/usr/share/keyrings/debian-archive-keyring.gpg',
    `--include=${recipe.packages.join(',')}`,
    recipe.suite,
    tree,
    ...(mirror === undefined ? [] : [mirror]),
  ];
  const done = await exec('debootstrap', args, { env, onLine, signal: context.signal });
  return done.status === 0 ? ok(undefined) : err(failed('debootstrap', done));
};

const inTree = (building: Building, command: readonly string[]): Promise<ExecOutput> =>
  exec('chroot', [building.tree, ...command], {
    env: { ...building.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' },
    onLine: building.onLine,
    signal: building.context.signal,
  });

/** Fetches what the lab's repository serves, with all dependencies, and indexes it. Needs the real mirror: runs before the tree's own sources are written. */
const fillRepository = async (building: Building): Promise<Result<void, DroverError>> => {
  const { tree, folder, recipe } = building;
  const repository = join(folder, 'repository');
  await cp('/etc/resolv.conf', join(tree, 'etc/resolv.conf'), { dereference: true });
  const download = [
    'apt-get',
    'install',
    '-y',
    '-q',
    '--no-install-recommends',
    '--reinstall',
    '--download-only',
  ];
  const commands = [
    ['apt-get', 'update', '-q'],
    ...recipe.repository.map((packages) => [...download, ...packages]),
  ];
  for (const command of commands) {
    const done = await inTree(building, command);
    if (done.status !== 0) return err(failed(`\`${command.slice(0, 2).join(' ')}\``, done));
  }
  await mkdir(repository);
  await cp(join(tree, 'var/cache/apt/archives'), repository, {
    recursive: true,
    filter: (path) => !/\/(partial|lock)$/.test(path),
  });
  const index = await exec('apt-ftparchive', ['packages', '.'], { cwd: repository });
  if (index.status !== 0) return err(failed('apt-ftparchive', index));
  await writeFile(join(repository, 'Packages'), index.stdout);
  const release = await exec('apt-ftparchive', ['release', '.'], { cwd: repository });
  await writeFile(join(repository, 'Release'), release.stdout);
  return ok(undefined);
};

const removePersonality = async (tree: string): Promise<void> => {
  const keys = ['rsa', 'ecdsa', 'ed25519'].flatMap((type) => [
    `etc/ssh/ssh_host_${type}_key`,
    `etc/ssh/ssh_host_${type}_key.pub`,
  ]);
  await Promise.all(
    [...keys, 'etc/hostname', 'etc/resolv.conf', 'var/lib/dbus/machine-id'].map((path) =>
      rm(join(tree, path), { force: true }),
    ),
  );
  await rm(join(tree, 'var/lib/apt/lists'), { recursive: true, force: true });
  await mkdir(join(tree, 'var/lib/apt/lists/partial'), { recursive: true });
};

const writeFiles = async ({ recipe, tree }: Building): Promise<void> => {
  for (const { path, content, mode } of recipe.files) {
    const target = join(tree, path);
    await mkdir(dirname(target), { recursive: true });
    await unlink(target).catch(() => undefined);
    await writeFile(target, content);
    await chmod(target, mode);
  }
};

const setUnits = async (building: Building): Promise<Result<void, DroverError>> => {
  const { enabled, disabled, masked } = building.recipe.units;
  const commands = [
    ['enable', ...enabled],
    ['disable', ...disabled],
    ['mask', ...masked],
  ];
  for (const [verb = '', ...units] of commands) {
    const done = await inTree(building, ['systemctl', verb, '--quiet', ...units]);
    if (done.status !== 0) return err(failed(`\`systemctl ${verb}\``, done));
  }
  return ok(undefined);
};

/** Makes `folder/tree` and `folder/repository`. Takes one to two minutes, most of it downloading and unpacking. */
export const buildRootfs = async (
  context: LabContext,
  recipe: Recipe,
  target: { readonly folder: string; readonly mirror: string | undefined },
): Promise<Result<void, DroverError>> => {
  const since = context.clock.monotonic();
  const building: Building = {
    context,
    recipe,
    folder: target.folder,
    tree: join(target.folder, 'tree'),
    env: await proxyEnv(context),
    onLine: (line) =>
      context.emit({
        type: 'waiting',
        what: 'root file system',
        sinceMs: context.clock.monotonic() - since,
        last: printable(line),
      }),
  };
  const made = await bootstrap(building, target.mirror);
  if (!made.ok) return made;
  const filled = await fillRepository(building);
  if (!filled.ok) return filled;
  const repository = join(building.folder, 'repository');
  if (
    !(await fetchOldIpset({
      tree: building.tree,
      repository,
      inTree: (command) => inTree(building, command),
    }))
  ) {
    const text = 'the mirror has no bullseye any more: the fault ipset-revision is not available in this lab';
    context.emit({ type: 'note', level: 'warning', text });
  }
  await exec('chroot', [building.tree, 'apt-get', 'clean']);
  await removePersonality(building.tree);
  await writeFiles(building);
  return setUnits(building);
};
