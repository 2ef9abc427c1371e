import { spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import { constants } from 'node:os';
import type { DroverError } from '../core/error.js';
import type { Realm, RealmPaths } from '../core/realm.js';
import { realmName } from '../core/realm.js';
import { err, ok, type Result } from '../core/result.js';
import { labRealm } from '../lab/realm.js';
import { entrant, entryCommand, entryRefusal } from './lab-entry.js';
import { REALM_VARIABLE } from './realm.js';
import { printUsageError } from './usage-error.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** A namespace file's identity; undefined when it does not exist. */
const namespaceOf = (path: string): string | undefined => {
  try {
    const { dev, ino } = statSync(path);
    return `${dev}:${ino}`;
  } catch {
    return undefined;
  }
};

const fileOf = (netns: string): string => `/run/netns/${netns}`;

/** The paths of the lab that DROVER_REALM names, once it is certain that this process can reach nothing else. */
export const placeInLab = async (
  name: string,
  env: Environment,
): Promise<Result<{ readonly realm: Realm; readonly paths: RealmPaths }, DroverError>> => {
  const lab = await labRealm(name, env);
  if (!lab.ok) return lab;
  const { realm, paths, netns } = lab.value;
  if (namespaceOf('/proc/self/ns/net') !== namespaceOf(fileOf(netns))) {
    return err({
      code: 'lab-realm-mismatch',
      message: `${REALM_VARIABLE} names ${realmName(realm)}, but this process is not in its network namespace`,
      state: 'nothing was done',
      hint: `unset ${REALM_VARIABLE} and use --lab ${name}`,
    });
  }
  return ok({ realm, paths });
};

/** Runs a program with this terminal and passes on how it ended. Signals of the terminal reach it by themselves. */
export const runAs = (command: readonly string[], env: NodeJS.ProcessEnv): Promise<Result<number, string>> =>
  new Promise((resolve) => {
    const [program = '', ...args] = command;
    const child = spawn(program, args, { stdio: 'inherit', env });
    const ignore = (): void => undefined;
    const forward = (): void => {
      child.kill('SIGTERM');
    };
    process.on('SIGINT', ignore);
    process.on('SIGTERM', forward);
    const settle = (result: Result<number, string>): void => {
      process.off('SIGINT', ignore);
      process.off('SIGTERM', forward);
      resolve(result);
    };
    child.on('error', (error) => settle(err(error.message)));
    child.on('close', (code, signal) =>
      settle(ok(signal === null ? (code ?? 1) : 128 + constants.signals[signal])),
    );
  });

/** Runs this very command again inside the lab's network namespace. */
export const runInLab = async (name: string | undefined): Promise<number> => {
  const lab = await labRealm(name, process.env);
  if (!lab.ok) return printUsageError(lab.error, process.argv);
  const { realm, netns } = lab.value;
  const user = entrant();
  const refusal = await entryRefusal({ name: realm.name, netns }, user, process.env);
  if (refusal !== undefined) return printUsageError(refusal, process.argv);
  const words = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  const env = { ...process.env, [REALM_VARIABLE]: realmName(realm) };
  const ended = await runAs(entryCommand(netns, user, words), env);
  if (ended.ok) return ended.value;
  return printUsageError(
    {
      code: 'no-lab-entry',
      message: `cannot enter ${realmName(realm)}`,
      cause: ended.error,
      state: 'nothing was done',
      hint: 'run as root, or allow sudo without a password',
    },
    process.argv,
  );
};
