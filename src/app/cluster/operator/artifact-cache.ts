import { constants } from 'node:fs';
import { access, chmod, copyFile, open, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import type { DroverError } from '../../../core/error.js';
import { err, ok, type Result } from '../../../core/result.js';
import { printable } from '../../../core/text.js';
import { type CacheSlot, lookup, make } from '../../../lab/build/cache.js';
import { digestOf } from '../../../lab/build/kept-digest.js';
import { type DownloadFailure, type DownloadTools, download } from '../../../lab/download.js';
import { invokingUser } from '../../../lab/invoker.js';
import { rootfsHome } from '../../../lab/paths.js';
import type { StepFailure } from '../../../steps/failure.js';
import { type Arch, type Artifact, sourceText } from '../../../steps/operator/artifact.js';

type Env = Readonly<Record<string, string | undefined>>;

export interface CacheTools extends DownloadTools {
  readonly env: Env;
}

const PROGRAM = 'k3s';

/** Numbers of processors in the head of an ELF file. */
const MACHINES: ReadonlyMap<number, string> = new Map([
  [62, 'amd64'],
  [183, 'arm64'],
  [40, 'arm'],
  [243, 'riscv64'],
]);

/** The processor of the machine that Drover runs on. */
export const ownArch = (): Arch => (process.arch === 'arm64' ? 'arm64' : 'amd64');

/** Fetched programs: `$XDG_CACHE_HOME/drover/k3s`, each under its digest. */
const homeOf = (env: Env): string => join(dirname(rootfsHome(env)), 'k3s');

const slotOf = (env: Env, sha256: string): CacheSlot => ({
  home: homeOf(env),
  key: sha256.toLowerCase(),
  owner: invokingUser(env),
});

const failure = (
  code: string,
  message: string,
  cause: string,
  kind: StepFailure['class'] = 'permanent',
): StepFailure => ({ class: kind, code, message, cause });

const downloadFailure = (url: string, { kind, status = 0, detail }: DownloadFailure): StepFailure => {
  const said = `${url} could not be fetched`;
  if (kind === 'cut') return failure('artifact-truncated', said, detail, 'transient');
  if (kind === 'unreachable' || status >= 500 || status === 429)
    return failure('artifact-unreachable', said, detail, 'transient');
  return failure('artifact-not-found', said, detail);
};

const unreadable = (path: string, reason: unknown): StepFailure =>
  failure(
    'artifact-unreadable',
    `${path} cannot be read`,
    reason instanceof Error ? reason.message : String(reason),
  );

/** What a file says about its processor; undefined = it is no Linux program. */
const machineOf = async (path: string): Promise<string | undefined> => {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(20), 0, 20, 0);
    if (bytesRead < 20 || buffer.toString('latin1', 0, 4) !== '\x7fELF') return undefined;
    const number = buffer.readUInt16LE(18);
    return MACHINES.get(number) ?? `processor ${number}`;
  } finally {
    await file.close();
  }
};

/** Asks the program for its version, where it can run here; undefined = it cannot. */
const versionOf = async (path: string, arch: Arch): Promise<string | undefined> => {
  if (arch !== ownArch() || process.platform !== 'linux') return undefined;
  if (
    !(await access(path, constants.X_OK).then(
      () => true,
      () => false,
    ))
  )
    return undefined;
  const asked = await execa(path, ['--version'], { reject: false, timeout: 20_000, stdin: 'ignore' });
  return printable(/^k3s version (\S+)/m.exec(asked.stdout)?.[1] ?? 'no version');
};

/** Digest, processor and version of a file, as the plan says they are; the first that is not. */
export const checkProgram = async (
  path: string,
  { sha256, arch, version, source }: Artifact,
): Promise<Result<void, StepFailure>> => {
  const shown = sourceText(source);
  const digest = await digestOf(path);
  if (digest !== sha256.toLowerCase())
    return err(
      failure(
        'artifact-checksum',
        `${shown} has another SHA-256 than it must have`,
        `must be ${sha256}\nis      ${digest}`,
      ),
    );
  const machine = await machineOf(path);
  if (machine !== arch)
    return err(
      failure(
        'artifact-architecture',
        `${shown} is not for the processors of the hosts`,
        machine === undefined ? 'it is no Linux program' : `it is for ${machine}, the hosts are ${arch}`,
      ),
    );
  const found = await versionOf(path, arch);
  if (found === undefined || found === version) return ok(undefined);
  return err(
    failure(
      'k3s-version-differs',
      `${shown} is K3s ${found}, the spec asks for ${version}`,
      `it answers as ${found}`,
    ),
  );
};

const bring = async (
  artifact: Artifact,
  path: string,
  tools: CacheTools,
): Promise<Result<void, StepFailure>> => {
  const { source } = artifact;
  if (source.kind === 'url') {
    const got = await download(source.url, path, tools);
    if (!got.ok) return err(downloadFailure(source.url, got.error));
  } else {
    try {
      await copyFile(source.path, path);
    } catch (reason) {
      return err(unreadable(source.path, reason));
    }
  }
  await chmod(path, 0o755);
  return checkProgram(path, artifact);
};

/** Path of a program that was fetched before. */
export const keptArtifact = async (
  sha256: string,
  { env, clock }: CacheTools,
): Promise<string | undefined> => {
  const folder = await lookup(slotOf(env, sha256), new Date(clock.now()));
  return folder === undefined ? undefined : join(folder, PROGRAM);
};

/** Digests of all programs that are kept. */
export const keptDigests = async (env: Env): Promise<readonly string[]> => {
  const names = await readdir(homeOf(env)).catch(() => []);
  return names.filter((name) => /^[0-9a-f]{64}$/.test(name)).sort();
};

export const dropArtifact = (sha256: string, env: Env): Promise<void> => {
  const { home, key } = slotOf(env, sha256);
  return rm(join(home, key), { recursive: true, force: true });
};

/** Fetches a program once. What is not whole and right leaves nothing. */
export const fetchArtifact = async (
  artifact: Artifact,
  tools: CacheTools,
): Promise<Result<string, StepFailure>> => {
  if (artifact.source.kind === 'built') return ok(artifact.source.path);
  const kept = await keptArtifact(artifact.sha256, tools);
  if (kept !== undefined) return ok(kept);
  let refused: StepFailure | undefined;
  const made = await make(slotOf(tools.env, artifact.sha256), async (folder) => {
    const brought = await bring(artifact, join(folder, PROGRAM), tools);
    if (brought.ok) return brought;
    refused = brought.error;
    return err(errorOf(brought.error));
  });
  if (made.ok) return ok(join(made.value, PROGRAM));
  return err(refused ?? failure('artifact-unreadable', made.error.message, made.error.cause ?? ''));
};

/** The same failure as it is told before any run. */
export const errorOf = ({ code, message, cause }: StepFailure): DroverError => ({
  code,
  message,
  ...(cause === undefined ? {} : { cause }),
  state: 'nothing was changed',
});
