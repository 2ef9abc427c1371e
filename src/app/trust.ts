import pLimit from 'p-limit';
import type { DroverError } from '../core/error.js';
import type { FileFailure, Files } from '../core/ports/files.js';
import type { HostTarget } from '../core/ports/transport.js';
import { err, ok, type Result } from '../core/result.js';
import { transportError } from '../transport/errors.js';
import { type HostKey, type ScanOptions, scanHostKeys } from '../transport/keyscan.js';
import { type KeyState, keyState, knownKeys, knownName, withKeys } from '../transport/known-hosts-file.js';

/** What one host offers, beside what is on record. */
export interface Offer {
  readonly target: HostTarget;
  readonly keys: readonly HostKey[];
  readonly state: KeyState;
  readonly recorded: readonly HostKey[];
}

export interface Offers {
  readonly offers: readonly Offer[];
  /** Hosts that showed no key. */
  readonly failures: readonly DroverError[];
}

const AT_ONCE = 32;

const readRecord = async (files: Files, path: string): Promise<Result<string, DroverError>> => {
  const read = await files.read(path);
  if (read.ok) return ok(read.value);
  return read.error.kind === 'missing' ? ok('') : err(recordError(read.error));
};

const recordError = ({ path, detail }: FileFailure): DroverError => ({
  code: 'trust-record',
  message: `the record of host keys ${path} cannot be used`,
  cause: detail,
  state: 'no key was pinned',
});

export interface TrustRequest {
  readonly targets: readonly HostTarget[];
  /** The realm's known_hosts. */
  readonly record: string;
  readonly scan: ScanOptions;
  readonly files: Files;
}

/** Asks all hosts for their keys and compares them with the record. Changes nothing. */
export const gatherKeys = async (request: TrustRequest): Promise<Result<Offers, DroverError>> => {
  const record = await readRecord(request.files, request.record);
  if (!record.ok) return record;
  const limit = pLimit(AT_ONCE);
  const scans = await Promise.all(
    request.targets.map((target) =>
      limit(async () => ({ target, scan: await scanHostKeys(target, request.scan) })),
    ),
  );
  const offers = scans.flatMap(({ target, scan }): Offer[] => {
    if (!scan.ok) return [];
    const recorded = knownKeys(record.value, knownName(target));
    return [{ target, keys: scan.value, recorded, state: keyState(recorded, scan.value) }];
  });
  const failures = scans.flatMap(({ scan }) => (scan.ok ? [] : [transportError(scan.error)]));
  return ok({ offers, failures });
};

/** Puts the offered keys on record in one atomic write. */
export const pinKeys = async (
  { files, record }: Pick<TrustRequest, 'files' | 'record'>,
  offers: readonly Offer[],
): Promise<Result<void, DroverError>> => {
  const before = await readRecord(files, record);
  if (!before.ok) return before;
  const hosts = offers.map(({ target, keys }) => ({ name: knownName(target), keys }));
  const written = await files.write(record, withKeys(before.value, hosts), { mode: 0o600 });
  return written.ok ? ok(undefined) : err(recordError(written.error));
};
