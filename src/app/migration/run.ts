import type { DroverError, DroverErrors } from '../../core/error.js';
import { err, ok, type Result } from '../../core/result.js';
import type { Plan } from '../../plan/model.js';
import { modeOf, type RunMode } from '../../run/mode.js';
import type { RunSummary } from '../../run/summary.js';
import type { Migration } from '../../spec/migration.js';
import { beginRun } from '../cluster/begin-run.js';
import { otherMode } from '../cluster/resume.js';
import { runCluster } from '../cluster/run-cluster.js';
import type { RunRequest } from '../cluster/run-request.js';
import {
  allRuns,
  isOf,
  journalPath,
  loadRun,
  reopenJournal,
  runNotFound,
  type StoredRun,
  wrongCluster,
} from '../cluster/run-store.js';
import { openObjects } from './open-objects.js';
import { targetAccess } from './target-access.js';
import type { MigrationTools } from './tools.js';

type Limits = Pick<RunRequest, 'concurrency' | 'breakRun' | 'mayBreak'>;

const noTarget = (plan: Plan): DroverError => ({
  code: 'plan-unreadable',
  message: `the plan does not say which cluster it was made for: ${plan.hash.slice(0, 12)}`,
  state: 'nothing was changed',
});

/** What runs of a migration need beside those of a cluster: no hosts, the target's API, the bundle. */
const carrying = (migration: Migration, plan: Plan, tools: MigrationTools) => {
  const { uid } = plan.cluster;
  if (uid === undefined) return err(noTarget(plan));
  return ok({
    plan,
    facts: undefined,
    hosts: [],
    spec: tools.spec,
    access: targetAccess(migration.spec.target, uid, tools.bundle),
    objects: openObjects(migration, plan, tools),
  });
};

const tellJournal = (id: string, { cluster }: MigrationTools): void => {
  const text = `the journal is kept here alone, in ${journalPath(cluster.stateDir, id)}: a migration has no hosts to copy it to`;
  cluster.emit({ type: 'note', level: 'info', text });
};

/** Runs a plan of a migration that was shown and agreed to: a restore, or the way back of one. */
export const runMigration = async (
  migration: Migration,
  { plan, ...limits }: Limits & { readonly plan: Plan },
  tools: MigrationTools,
): Promise<Result<RunSummary, DroverErrors>> => {
  const parts = carrying(migration, plan, tools);
  if (!parts.ok) return err([parts.error]);
  const ended = await beginRun({ ...parts.value, ...limits }, tools.cluster);
  if (ended.ok) tellJournal(ended.value.event.run, tools);
  return ended;
};

const storedRun = async (
  { name }: Migration,
  id: string | undefined,
  { cluster: { stateDir, realm } }: MigrationTools,
): Promise<Result<StoredRun, DroverError>> => {
  const place = { cluster: name, realm };
  const newest = async (): Promise<string | undefined> =>
    (await allRuns(stateDir)).findLast(({ plan }) => isOf(place, plan))?.id;
  const chosen = id ?? (await newest());
  if (chosen === undefined) return err(runNotFound(id));
  const loaded = await loadRun(stateDir, chosen);
  if (!loaded.ok || isOf(place, loaded.value.plan)) return loaded;
  return err(wrongCluster(place, loaded.value));
};

/** Goes on with a run after whatever ended it: looks at open objects first, skips what is proven. */
export const resumeMigration = async (
  migration: Migration,
  { id, mode, ...limits }: Limits & { readonly id: string | undefined; readonly mode: RunMode },
  tools: MigrationTools,
): Promise<Result<RunSummary, DroverErrors>> => {
  const stored = await storedRun(migration, id, tools);
  if (!stored.ok) return err([stored.error]);
  const run = stored.value;
  if (modeOf(run.plan) !== mode) return err([otherMode(run)]);
  const parts = carrying(migration, run.plan, tools);
  if (!parts.ok) return err([parts.error]);
  const journal = await reopenJournal(tools.cluster.stateDir, run, tools.cluster.clock);
  const past = run.lines.map(({ event }) => event);
  return runCluster(
    { ...parts.value, ...limits, id: run.id, past, lines: run.lines, journal },
    tools.cluster,
  );
};
