import type { DroverError, DroverErrors } from '../../core/error.js';
import { err, ok, type Result } from '../../core/result.js';
import { sentence } from '../../core/text.js';
import type { Plan } from '../../plan/model.js';
import { begunIn, revocableIn } from '../../run/rollback/begun.js';
import { type ThingOn, type UndoPlan, undoPlan } from '../../run/rollback/undo-plan.js';
import type { RunSummary } from '../../run/summary.js';
import { stepOf } from '../../steps/catalogue.js';
import { drillStart } from '../../steps/drill/start.js';
import { setsApply } from '../../steps/sets/apply.js';
import type { SetParams } from '../../steps/sets/params.js';
import { type Subject, serverTargets } from '../doctor/subject.js';
import { beginRun } from './begin-run.js';
import { bringRun } from './bring-run.js';
import { kubeAccess } from './kube-access.js';
import { surveyHosts } from './rollback-survey.js';
import type { RunRequest } from './run-request.js';
import { allRuns, isOf, loadRun, runNotFound, type StoredRun, wrongCluster } from './run-store.js';
import { seeCluster } from './see-cluster.js';
import type { ClusterTools } from './tools.js';

export interface RollbackRequest {
  /** The run that is taken back; undefined = the newest that changed anything. */
  readonly id: string | undefined;
  readonly cluster: string;
  readonly subject: Subject;
  readonly overwrite: boolean;
  readonly leaveDamaged: boolean;
  /** Name of the object set that alone is taken back. */
  readonly only?: string | undefined;
}

/** A way back that was planned, and what is known about the runs around it. */
export interface MadeRollback {
  readonly run: string;
  readonly plan: Plan;
  /** The run that is paused and holds the lock: the way back takes it over. */
  readonly holder: string | undefined;
}

const isApply = ({ plan }: StoredRun): boolean => plan.takesBack === undefined;

export const rolledBack = (runs: readonly StoredRun[], id: string): boolean =>
  runs.some(
    ({ plan, progress }) =>
      plan.takesBack?.run === id && plan.takesBack.only === undefined && progress.outcome === 'rolled-back',
  );

/** Sets of a run that were taken back alone. */
const setsTakenBack = (runs: readonly StoredRun[], id: string): readonly string[] =>
  runs.flatMap(({ plan, progress }) =>
    plan.takesBack?.run === id && progress.outcome === 'rolled-back' ? (plan.takesBack.only ?? []) : [],
  );

/** A run that lacks what was taken back of it holds its objects for done: only a new plan makes them again. */
export const partlyTakenBack = async (
  { id }: StoredRun,
  { stateDir }: Pick<ClusterTools, 'stateDir'>,
): Promise<DroverError | undefined> => {
  const sets = setsTakenBack(await allRuns(stateDir), id);
  if (sets.length === 0) return undefined;
  return {
    code: 'run-partly-taken-back',
    message: `${sentence(sets)} of run ${id} was taken back, so the run cannot be gone on with`,
    state: 'nothing was changed',
    hint: 'make a new plan: drover apply',
  };
};

const setNotThere = (run: StoredRun, only: string, known: readonly string[]): DroverError => ({
  code: 'rollback-no-set',
  message: `run ${run.id} changed nothing of ${only}`,
  state: 'nothing was changed',
  hint: known.length === 0 ? 'it applied no object sets' : `it applied ${sentence(known)}`,
});

/** Object sets that a run began to apply. */
const setsOf = (run: StoredRun): readonly string[] =>
  begunIn(
    run.plan,
    run.lines.map(({ event }) => event),
  ).flatMap(({ step, params }) => (step === setsApply.id ? (params as SetParams).set : []));

export const chosenRun = async (
  request: Pick<RollbackRequest, 'id' | 'cluster'>,
  runs: readonly StoredRun[],
  tools: Pick<ClusterTools, 'realm' | 'stateDir'>,
): Promise<Result<StoredRun, DroverError>> => {
  const place = { cluster: request.cluster, realm: tools.realm };
  const id =
    request.id ?? runs.findLast((run) => isApply(run) && !isEndedDrill(run) && isOf(place, run.plan))?.id;
  if (id === undefined) return err(runNotFound(id));
  const loaded = await loadRun(tools.stateDir, id);
  if (!loaded.ok || isOf(place, loaded.value.plan)) return loaded;
  return err(wrongCluster(place, loaded.value));
};

/** A drill that went through has put back itself what it took away. */
const isEndedDrill = ({ plan, progress }: StoredRun): boolean =>
  progress.outcome === 'done' &&
  plan.stages.every(({ actions }) => actions.some(({ step }) => step === drillStart.id));

/** A run that only started what stood still, or found everything as it shall be, stands in nobody's way. */
const changedSomething = (run: StoredRun): boolean =>
  !isEndedDrill(run) &&
  revocableIn(
    run.plan,
    run.lines.map(({ event }) => event),
  ).length > 0;

export const newerRun = (run: StoredRun, runs: readonly StoredRun[]): DroverError | undefined => {
  const { realm, cluster } = run.plan;
  const newer = runs.find(
    (other) =>
      other.id > run.id &&
      isApply(other) &&
      other.plan.realm === realm &&
      other.plan.cluster.name === cluster.name &&
      changedSomething(other) &&
      !rolledBack(runs, other.id),
  );
  if (newer === undefined) return undefined;
  return {
    code: 'rollback-newer-run',
    message: `run ${newer.id} has changed ${cluster.name} after run ${run.id}`,
    state: 'nothing was changed',
    hint: `drover rollback ${newer.id}`,
  };
};

const foreignError = (foreign: readonly ThingOn[]): DroverError => ({
  code: 'rollback-foreign',
  message: 'others have changed what the run left',
  cause: foreign
    .map(({ host, thing: { kind, name, saved, now } }) => `${host}: ${kind} ${name} was ${saved}, is ${now}`)
    .join('\n'),
  state: 'nothing was changed',
  hint: 'look at what differs; --overwrite puts the former state back all the same',
});

const damagedError = (damaged: readonly ThingOn[]): DroverError => ({
  code: 'rollback-damaged',
  message: 'what the run saved is damaged',
  cause: damaged.map(({ host, thing: { kind, name } }) => `${host}: ${kind} ${name}`).join('\n'),
  state: 'nothing was changed',
  hint: 'put it back by hand and roll back again, or leave it as it is with --leave-damaged',
});

/** What a person must decide before anything is touched, all of it at once. */
export const undecided = ({ foreign, damaged }: UndoPlan): DroverErrors | undefined => {
  const [first, ...rest] = [
    ...(foreign.length === 0 ? [] : [foreignError(foreign)]),
    ...(damaged.length === 0 ? [] : [damagedError(damaged)]),
  ];
  return first === undefined ? undefined : [first, ...rest];
};

export const holderOf = (run: StoredRun, runs: readonly StoredRun[]): string | undefined =>
  runs
    .filter(({ id, plan }) => id === run.id || plan.takesBack?.run === run.id)
    .findLast(({ progress }) => progress.outcome === 'paused')?.id;

const planned = async (
  run: StoredRun,
  request: RollbackRequest,
  tools: ClusterTools,
): Promise<Result<UndoPlan, DroverErrors>> => {
  const events = run.lines.map(({ event }) => event);
  const begun = begunIn(run.plan, events);
  const surveyed = await surveyHosts(run, begun, request.subject, tools);
  if (!surveyed.ok) return surveyed;
  const { surveys, active } = surveyed.value;
  const fresh = new Set(
    [...surveys].flatMap(([host, survey]) =>
      [...survey.values()].flat().some(({ kind, name }) => kind === 'script' && name === 'k3s') ? [host] : [],
    ),
  );
  const servers = serverTargets(request.subject.hosts);
  const access = kubeAccess(servers, tools);
  try {
    const cluster = active.length === 0 ? undefined : await seeCluster(access, tools)(tools.soft);
    return ok(
      undoPlan({
        run: run.id,
        plan: run.plan,
        events,
        surveys,
        step: stepOf,
        only: request.only,
        cluster,
        remaining: active.filter((host) => !fresh.has(host)),
        overwrite: request.overwrite,
        leaveDamaged: request.leaveDamaged,
        tool: tools.tool,
        createdAt: new Date(tools.clock.now()).toISOString(),
      }),
    );
  } finally {
    access.close();
  }
};

/** Another machine may have gone on with the run, or have begun one: what it did is to be taken back, too. */
const broughtHere = async (
  { id, cluster, subject }: RollbackRequest,
  tools: ClusterTools,
): Promise<DroverError | undefined> => {
  const servers = serverTargets(subject.hosts);
  const brought = await bringRun({ id, cluster, realm: tools.realm, servers }, tools);
  return brought.ok || brought.error.code === 'run-not-found' ? undefined : brought.error;
};

/** Plans the way back of a run from its journal and the present state of the hosts. Changes nothing. */
export const makeRollback = async (
  request: RollbackRequest,
  tools: ClusterTools,
): Promise<Result<MadeRollback, DroverErrors>> => {
  const brought = await broughtHere(request, tools);
  if (brought !== undefined) return err([brought]);
  const runs = await allRuns(tools.stateDir);
  const chosen = await chosenRun(request, runs, tools);
  if (!chosen.ok) return err([chosen.error]);
  const run = chosen.value;
  const newer = newerRun(run, runs);
  if (newer !== undefined) return err([newer]);
  const { only } = request;
  const sets = only === undefined ? [] : setsOf(run);
  if (only !== undefined && !sets.includes(only)) return err([setNotThere(run, only, sets)]);
  // What was saved for it is gone from the hosts, and there is nothing left to take back.
  const left = rolledBack(runs, run.id) ? { ...run, lines: [] } : run;
  const made = await planned(left, request, tools);
  if (!made.ok) return made;
  const open = undecided(made.value);
  if (open !== undefined) return err(open);
  return ok({ run: run.id, plan: made.value.plan, holder: holderOf(run, runs) });
};

export interface RollbackRun extends Pick<RunRequest, 'concurrency' | 'breakRun' | 'mayBreak'> {
  readonly made: MadeRollback;
  readonly subject: Subject;
}

/** Runs a way back that was shown and agreed to: under the lock, with a journal of its own, resumable like any run. */
export const runRollback = async (
  { made, subject, ...limits }: RollbackRun,
  tools: ClusterTools,
): Promise<Result<RunSummary, DroverErrors>> => {
  const breakRun = limits.breakRun ?? made.holder;
  return beginRun({ ...limits, plan: made.plan, facts: undefined, hosts: subject.hosts, breakRun }, tools);
};
