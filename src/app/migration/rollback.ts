import type { DroverError, DroverErrors } from '../../core/error.js';
import { err, ok, type Result } from '../../core/result.js';
import { begunIn } from '../../run/rollback/begun.js';
import { undoPlan } from '../../run/rollback/undo-plan.js';
import type { Migration } from '../../spec/migration.js';
import { stepOf } from '../../steps/catalogue.js';
import type { StepFailure } from '../../steps/failure.js';
import {
  chosenRun,
  holderOf,
  type MadeRollback,
  newerRun,
  rolledBack,
  undecided,
} from '../cluster/rollback.js';
import { allRuns, type StoredRun } from '../cluster/run-store.js';
import { openObjects } from './open-objects.js';
import { surveyObjects } from './survey.js';
import { targetAccess } from './target-access.js';
import type { MigrationTools } from './tools.js';

export interface MigrationRollback {
  /** The run that is taken back; undefined = the newest. */
  readonly id: string | undefined;
  readonly overwrite: boolean;
}

const cannotLook = ({ code, message, cause }: StepFailure): DroverError => ({
  code,
  message,
  ...(cause === undefined ? {} : { cause }),
  state: 'nothing was changed',
});

const surveyed = async (migration: Migration, run: StoredRun, tools: MigrationTools) => {
  const access = targetAccess(migration.spec.target, run.plan.cluster.uid ?? '', tools.bundle);
  try {
    const kube = await access.open(tools.cluster.soft);
    if (!kube.ok) return kube;
    const events = run.lines.map(({ event }) => event);
    return await surveyObjects({
      run: run.id,
      events,
      actions: begunIn(run.plan, events),
      kube: kube.value,
      objects: openObjects(migration, { ...run.plan, takesBack: { run: run.id, stays: [] } }, tools),
      signal: tools.cluster.soft,
    });
  } finally {
    access.close();
  }
};

/** Plans the way back of a restore from its journal and what the target has now. Changes nothing. */
export const makeMigrationRollback = async (
  migration: Migration,
  { id, overwrite }: MigrationRollback,
  tools: MigrationTools,
): Promise<Result<MadeRollback, DroverErrors>> => {
  const { cluster } = tools;
  const runs = await allRuns(cluster.stateDir);
  const chosen = await chosenRun({ id, cluster: migration.name }, runs, cluster);
  if (!chosen.ok) return err([chosen.error]);
  const newer = newerRun(chosen.value, runs);
  if (newer !== undefined) return err([newer]);
  // There is nothing left to take back of it.
  const run = rolledBack(runs, chosen.value.id) ? { ...chosen.value, lines: [] } : chosen.value;
  const survey = await surveyed(migration, run, tools);
  if (!survey.ok) return err([cannotLook(survey.error)]);
  const made = undoPlan({
    run: run.id,
    plan: run.plan,
    events: run.lines.map(({ event }) => event),
    surveys: new Map([['target', survey.value]]),
    step: stepOf,
    cluster: undefined,
    remaining: [],
    overwrite,
    leaveDamaged: false,
    tool: cluster.tool,
    createdAt: new Date(cluster.clock.now()).toISOString(),
  });
  const open = undecided(made);
  if (open !== undefined) return err(open);
  return ok({ run: run.id, plan: made.plan, holder: holderOf(chosen.value, runs) });
};
