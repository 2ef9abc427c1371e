import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { access, chmod, copyFile, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import type { DroverError } from '../../core/error.js';
import { err, ok, type Result } from '../../core/result.js';
import { printable } from '../../core/text.js';
import type { LabContext } from '../context.js';
import { download } from '../download.js';
import { invokingUser } from '../invoker.js';
import { lookup, make } from './cache.js';
import { buildError } from './errors.js';
import { buildHome } from './paths.js';

/** Where a real K3s comes from. */
export type K3sSource = (
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'url'; readonly url: string; readonly sha256: string }
) & {
  /** Air-gap archive of its images. */
  readonly images?: string;
};

/** A real K3s program, checked and kept in the cache. */
export interface RealK3s {
  readonly path: string;
  /** As it says itself, e.g. `v1.34.2+k3s1`. */
  readonly version: string;
  readonly sha256: string;
  /** Absolute path of the air-gap archive that was given with it. */
  readonly images?: string;
}

const PROGRAM = 'k3s';

/** Asks the program itself: a web page saved under its name, or one for another processor, does not get through. */
const versionOf = async (path: string, shown: string): Promise<Result<string, DroverError>> => {
  const asked = await execa(path, ['--version'], { reject: false, timeout: 20_000, stdin: 'ignore' });
  const version = /^k3s version (\S+)/m.exec(asked.stdout)?.[1];
  if (version !== undefined) return ok(printable(version));
  const said = printable(`${asked.stdout}${asked.stderr}`).trim().split('\n')[0] ?? '';
  return err(
    buildError('lab-k3s-program', `${shown} is not a K3s program that runs here`, {
      cause: asked.exitCode === undefined ? asked.shortMessage : `\`--version\` answered: ${said}`,
    }),
  );
};

const failure = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
};

const fetchChecked = async (
  source: Extract<K3sSource, { kind: 'url' }>,
  path: string,
  context: LabContext,
): Promise<Result<void, DroverError>> => {
  const got = await download(source.url, path, context);
  if (!got.ok) {
    const cause = got.error.detail;
    return err(buildError('lab-k3s-download', `${source.url} could not be downloaded`, { cause }));
  }
  if (got.value !== source.sha256.toLowerCase()) {
    return err(
      buildError('lab-k3s-checksum', `${source.url} has another SHA-256 than the one given`, {
        cause: `given    ${source.sha256.toLowerCase()}\nreceived ${got.value}`,
        state: 'the download was thrown away',
      }),
    );
  }
  return ok(undefined);
};

const digestOf = async (source: K3sSource): Promise<Result<string, DroverError>> => {
  if (source.kind === 'url') return ok(source.sha256.toLowerCase());
  try {
    return ok(
      createHash('sha256')
        .update(await readFile(source.path))
        .digest('hex'),
    );
  } catch (error) {
    return err(buildError('lab-k3s-program', `${source.path} cannot be read`, { cause: failure(error) }));
  }
};

/** The archive is used where it lies: it may be large, and hosts get it under a second name. */
const imagesOf = async ({ images }: K3sSource): Promise<Result<Pick<RealK3s, 'images'>, DroverError>> => {
  if (images === undefined) return ok({});
  const path = resolve(images);
  const problem = await access(path, constants.R_OK).then(() => undefined, failure);
  if (problem === undefined) return ok({ images: path });
  return err(buildError('lab-k3s-images', `${path} cannot be read`, { cause: problem }));
};

const program = async (
  source: K3sSource,
  context: LabContext,
): Promise<Result<Omit<RealK3s, 'images'>, DroverError>> => {
  const digest = await digestOf(source);
  if (!digest.ok) return digest;
  const shown = source.kind === 'file' ? resolve(source.path) : source.url;
  const slot = {
    home: join(buildHome(context.env), 'k3s'),
    key: digest.value,
    owner: invokingUser(context.env),
  };
  const present = await lookup(slot, new Date(context.clock.now()));
  const made =
    present !== undefined
      ? ok(present)
      : await make(slot, async (directory) => {
          const path = join(directory, PROGRAM);
          if (source.kind === 'file') await copyFile(source.path, path);
          const fetched = source.kind === 'file' ? ok(undefined) : await fetchChecked(source, path, context);
          if (!fetched.ok) return fetched;
          await chmod(path, 0o755);
          const version = await versionOf(path, shown);
          return version.ok ? ok(undefined) : version;
        });
  if (!made.ok) return made;
  const path = join(made.value, PROGRAM);
  const version = await versionOf(path, shown);
  return version.ok ? ok({ path, version: version.value, sha256: digest.value }) : version;
};

/** A real K3s, from a file or an address: checked, copied into the cache under its checksum, and asked for its version. */
export const realK3s = async (
  source: K3sSource,
  context: LabContext,
): Promise<Result<RealK3s, DroverError>> => {
  const images = await imagesOf(source);
  if (!images.ok) return images;
  const kept = await program(source, context);
  return kept.ok ? ok({ ...kept.value, ...images.value }) : kept;
};
