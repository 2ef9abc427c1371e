import { chown, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DroverError } from '../../core/error.js';
import { err, ok, type Result } from '../../core/result.js';
import { labError } from '../errors.js';
import { invokingUser } from '../invoker.js';
import { type LabPaths, labPaths, labsHome } from '../paths.js';
import { type LabHost, type LabState, labStateSchema } from './schema.js';

type Env = Readonly<Record<string, string | undefined>>;

/** Gives a file of the lab to the person behind `sudo`. */
export const giveToInvoker = async (env: Env, ...paths: readonly string[]): Promise<void> => {
  const { uid, gid } = invokingUser(env);
  await Promise.all(paths.map((path) => chown(path, uid, gid)));
};

/** Makes a private directory, and the missing ones above it, as the invoking user's. */
export const makePrivateDir = async (env: Env, path: string): Promise<void> => {
  const first = await mkdir(path, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  const made = [path];
  for (let at = path; at !== first; at = join(at, '..')) made.push(join(at, '..'));
  await giveToInvoker(env, ...made);
};

/** Names of the labs that have a record, sorted. */
export const listLabs = async (env: Env): Promise<readonly string[]> => {
  try {
    const entries = await readdir(labsHome(env), { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
      .sort();
  } catch {
    return [];
  }
};

/** Reads the record of a lab; undefined when there is none. */
export const readState = async (paths: LabPaths): Promise<Result<LabState | undefined, DroverError>> => {
  let text: string;
  try {
    text = await readFile(paths.state, 'utf8');
  } catch {
    return ok(undefined);
  }
  try {
    return ok(labStateSchema.parse(JSON.parse(text)));
  } catch (problem) {
    return err(
      labError('lab-state', `The record ${paths.state} cannot be read`, {
        cause: problem instanceof Error ? problem.message.split('\n').slice(0, 3).join(' ') : String(problem),
        hint: '`drover lab down NAME` removes the lab by what the kernel knows about it',
      }),
    );
  }
};

/** Writes the record so that a reader sees the old or the new one, never half of it. */
export const writeState = async (env: Env, paths: LabPaths, state: LabState): Promise<void> => {
  const draft = `${paths.state}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
  await giveToInvoker(env, draft);
  await rename(draft, paths.state);
};

/** A lab with its record, for commands that change it. Only the holder of the lab's lock may call `update`. */
export interface OpenLab {
  readonly paths: LabPaths;
  readonly state: () => LabState;
  /** Changes the record in memory and on disk; calls are written one after the other. */
  readonly update: (change: (state: LabState) => LabState) => Promise<void>;
}

export const openLab = (env: Env, name: string, initial: LabState): OpenLab => {
  const paths = labPaths(env, name);
  let state = initial;
  let written: Promise<void> = Promise.resolve();
  return {
    paths,
    state: () => state,
    update: (change) => {
      state = change(state);
      written = written.then(() => writeState(env, paths, state));
      return written;
    },
  };
};

/** Replaces one host of a record. */
export const withHost = (state: LabState, name: string, change: (host: LabHost) => LabHost): LabState => ({
  ...state,
  hosts: state.hosts.map((host) => (host.name === name ? change(host) : host)),
});
