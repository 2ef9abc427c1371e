import type { DroverError } from '../../core/error.js';
import type { HostTarget } from '../../core/ports/transport.js';
import { err, ok, type Result } from '../../core/result.js';
import { encodeLine, type JournalLine } from '../../run/journal-line.js';
import { findMirrored, type MirroredRun } from '../../run/mirror/find.js';
import { allRuns, isOf, loadRun, placeRun, type RunPlace, runNotFound, type StoredRun } from './run-store.js';
import type { ClusterTools } from './tools.js';

export interface BringRequest extends RunPlace {
  readonly id: string | undefined;
  readonly servers: readonly HostTarget[];
}

/** Whether one journal continues the other: the line where the shorter one ends is the same in both. */
const sameStory = (a: readonly JournalLine[], b: readonly JournalLine[]): boolean => {
  const last = Math.min(a.length, b.length) - 1;
  return last < 0 || a[last]?.hash === b[last]?.hash;
};

const diverged = (id: string, host: string): DroverError => ({
  code: 'journal-diverged',
  message: `run ${id} went two ways: its journal here and the one on ${host} differ`,
  state: 'nothing was changed',
  hint: 'the machine that holds the lock has the right one; look at both with `drover runs show`',
});

const allDamaged = (damaged: readonly string[]): DroverError => ({
  code: 'journal-damaged',
  message: 'the run is on the server hosts, but no copy of it is whole',
  cause: damaged.join('\n'),
  state: 'nothing was changed',
});

/** Another machine went on with the run after this one, or this one never had it: its copy is written here. */
const adopt = async (found: MirroredRun, tools: ClusterTools): Promise<void> => {
  await placeRun(tools.stateDir, { ...found, journal: found.lines.map(encodeLine).join('') });
  const text = `run ${found.id} was read from ${found.host}: ${found.lines.length} lines, chain whole`;
  tools.emit({ type: 'note', level: 'info', text });
};

/** The secrets of the run, sealed as they were; what is there already is kept. */
const adoptSecrets = async (sealed: string | undefined, tools: ClusterTools): Promise<void> => {
  if (sealed === undefined || (await tools.files.exists(tools.secretsFile))) return;
  await tools.files.write(tools.secretsFile, sealed, { mode: 0o600 });
};

const tellGaps = (damaged: readonly string[], unreachable: readonly string[], tools: ClusterTools): void => {
  for (const text of damaged) tools.emit({ type: 'note', level: 'warning', text });
  if (unreachable.length === 0) return;
  const text = `${unreachable.join(', ')} cannot be asked whether another machine went on with the run`;
  tools.emit({ type: 'note', level: 'warning', text });
};

const newestHere = async (place: RunPlace, { stateDir }: ClusterTools): Promise<string | undefined> =>
  (await allRuns(stateDir)).findLast(({ plan }) => isOf(place, plan))?.id;

/**
 * The run to go on with: the newest of the cluster, here or on its server hosts (fixed point l). When both have it,
 * the longer journal counts, provided that it continues the other.
 */
export const bringRun = async (
  request: BringRequest,
  tools: ClusterTools,
): Promise<Result<StoredRun, DroverError>> => {
  const { cluster, servers } = request;
  const here = request.id ?? (await newestHere(request, tools));
  const { run, damaged, unreachable } = await findMirrored({
    transport: tools.transport,
    servers,
    cluster,
    realm: request.realm,
    id: request.id,
    signal: tools.soft,
  });
  tellGaps(damaged, unreachable, tools);
  if (run === undefined) {
    const local = here === undefined ? err(runNotFound(here)) : await loadRun(tools.stateDir, here);
    return !local.ok && damaged.length > 0 ? err(allDamaged(damaged)) : local;
  }
  await adoptSecrets(run.secrets, tools);
  if (here !== undefined && here > run.id) return loadRun(tools.stateDir, here);
  const local = await loadRun(tools.stateDir, run.id);
  if (!local.ok && local.error.code !== 'run-not-found' && local.error.code !== 'journal-damaged')
    return local;
  if (local.ok && !sameStory(local.value.lines, run.lines)) return err(diverged(run.id, run.host));
  if (local.ok && local.value.lines.length >= run.lines.length) return ok(local.value);
  await adopt(run, tools);
  return loadRun(tools.stateDir, run.id);
};
