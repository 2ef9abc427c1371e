import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DroverError } from '../../core/error.js';
import { ok, type Result } from '../../core/result.js';
import { firstFailure } from '../first-failure.js';
import { hostPaths } from '../paths.js';
import { ensureKey } from '../ssh/keys.js';
import type { LabHost } from '../state/schema.js';
import type { OpenLab } from '../state/store.js';
import { readAccounts, writeDisk } from './disk.js';
import { type AccountFiles, hostFiles } from './files.js';

/** Public host key of every host, by host name. */
export type HostKeys = ReadonlyMap<string, string>;

const makeDisk = async (
  lab: OpenLab,
  host: LabHost,
  given: { readonly accounts: AccountFiles; readonly authorizedKey: string },
): Promise<Result<string, DroverError>> => {
  const paths = hostPaths(lab.paths, host.name);
  const keyFile = join(paths.home, 'host_key');
  const key = await ensureKey(keyFile);
  if (!key.ok) return key;
  const identity = {
    hostKeyPublic: key.value,
    hostKeyPrivate: await readFile(keyFile, 'utf8'),
    authorizedKey: given.authorizedKey,
  };
  await writeDisk(paths, hostFiles(lab.state().plan, host, { identity, accounts: given.accounts }));
  return key;
};

/**
 * Writes the first content of every host's disk. Keys that exist are kept, so that a host whose disk is made
 * anew stays the same host to everybody who knows it.
 */
export const makeDisks = async (lab: OpenLab): Promise<Result<HostKeys, DroverError>> => {
  const { hosts, rootfs } = lab.state();
  const operatorKey = await ensureKey(lab.paths.sshKey);
  if (!operatorKey.ok) return operatorKey;
  const given = { accounts: await readAccounts(rootfs), authorizedKey: operatorKey.value };
  const made = await Promise.all(
    hosts.map(async (host) => [host.name, await makeDisk(lab, host, given)] as const),
  );
  const failed = firstFailure(made.map(([, key]) => key));
  if (!failed.ok) return failed;
  return ok(new Map(made.flatMap(([name, key]) => (key.ok ? [[name, key.value] as const] : []))));
};
