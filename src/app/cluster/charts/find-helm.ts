import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import type { DroverError } from '../../../core/error.js';
import { err, ok, type Result } from '../../../core/result.js';
import { lookup, make } from '../../../lab/build/cache.js';
import { digestOf } from '../../../lab/build/kept-digest.js';
import { buildProgram } from '../../../lab/build/program.js';
import { HELM } from '../../../lab/build/programs.js';
import type { LabContext } from '../../../lab/context.js';
import { download } from '../../../lab/download.js';
import { invokingUser } from '../../../lab/invoker.js';
import { rootfsHome } from '../../../lab/paths.js';
import { ownArch } from '../operator/artifact-cache.js';

/** Where the project publishes its releases, each with a file that holds its digest. */
const RELEASES = 'https://get.helm.sh';

export interface HelmTools extends LabContext {
  /** A lab compiles its own where none is installed. */
  readonly lab: boolean;
  /** Another place of releases. */
  readonly releases?: string;
}

const missing = (cause: string): DroverError => ({
  code: 'chart-no-helm',
  message: 'charts are rendered by helm 3.8 or later, and none could be had',
  cause,
  state: 'nothing was changed',
  hint: 'install helm, so that it is on the PATH',
});

const isRecent = (version: string): boolean => {
  const [, major = '0', minor = '0'] = /^v(\d+)\.(\d+)/.exec(version) ?? [];
  return Number(major) > 3 || (Number(major) === 3 && Number(minor) >= 8);
};

/** The program of the user, when it is recent enough. */
const installed = async ({ env }: HelmTools): Promise<string | undefined> => {
  const asked = await execa('helm', ['version', '--short'], {
    env: { PATH: env['PATH'] ?? '' },
    extendEnv: false,
    reject: false,
    timeout: 20_000,
    stdin: 'ignore',
  });
  return asked.exitCode === 0 && isRecent(asked.stdout.trim()) ? 'helm' : undefined;
};

const fetchDigest = async (url: string, signal: AbortSignal): Promise<Result<string, DroverError>> => {
  try {
    const answer = await fetch(url, { signal });
    const digest = /^[0-9a-f]{64}/.exec(answer.ok ? await answer.text() : '')?.[0];
    return digest === undefined ? err(missing(`${url} has no digest: status ${answer.status}`)) : ok(digest);
  } catch (reason) {
    return err(
      missing(`${url} cannot be read: ${reason instanceof Error ? reason.message : String(reason)}`),
    );
  }
};

const unpack = async (url: string, digest: string, folder: string, tools: HelmTools) => {
  const archive = join(folder, 'helm.tar.gz');
  const got = await download(url, archive, tools);
  if (!got.ok) return err(missing(`${url}: ${got.error.detail}`));
  const found = await digestOf(archive);
  if (found !== digest)
    return err(missing(`${url} has another SHA-256 than it must have\nmust be ${digest}\nis      ${found}`));
  const untar = await execa(
    'tar',
    ['-xzf', archive, '-C', folder, '--strip-components=1', `linux-${ownArch()}/helm`],
    {
      reject: false,
    },
  );
  await rm(archive);
  return untar.exitCode === 0 ? ok(undefined) : err(missing(`${url} cannot be unpacked: ${untar.stderr}`));
};

/** A release, fetched once and checked against the digest that its project publishes. */
const fetched = async (tools: HelmTools): Promise<Result<string, DroverError>> => {
  const home = join(dirname(rootfsHome(tools.env)), 'helm');
  const slot = { home, key: `v${HELM.version}-${ownArch()}`, owner: invokingUser(tools.env) };
  const kept = await lookup(slot, new Date(tools.clock.now()));
  if (kept !== undefined) return ok(join(kept, 'helm'));
  const url = `${tools.releases ?? RELEASES}/helm-v${HELM.version}-linux-${ownArch()}.tar.gz`;
  const digest = await fetchDigest(`${url}.sha256sum`, tools.signal);
  if (!digest.ok) return digest;
  await mkdir(home, { recursive: true });
  const made = await make(slot, (folder) => unpack(url, digest.value, folder, tools));
  return made.ok ? ok(join(made.value, 'helm')) : made;
};

/** The program that renders charts: installed, compiled in a lab, or fetched. */
export const findHelm = async (tools: HelmTools): Promise<Result<string, DroverError>> => {
  const own = await installed(tools);
  if (own !== undefined) return ok(own);
  if (!tools.lab) return fetched(tools);
  const built = await buildProgram(HELM, tools);
  return built.ok ? ok(built.value.path) : built;
};
