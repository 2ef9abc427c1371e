import type { DroverError, DroverErrors } from '../../core/error.js';
import { err, ok, type Result } from '../../core/result.js';
import type { FactsFile } from '../../facts/model/facts-file.js';
import type { Plan } from '../../plan/model.js';
import { movedSince } from '../../plan/stale.js';
import type { RunSummary } from '../../run/summary.js';
import type { DoctorHost, Subject } from '../doctor/subject.js';
import { leavingInPlan } from './leaving-hosts.js';
import { runCluster } from './run-cluster.js';
import { createRun, loadRun, newRunId, reopenJournal } from './run-store.js';
import type { ClusterTools } from './tools.js';

export interface ApplyRequest {
  readonly plan: Plan;
  readonly facts: FactsFile;
  readonly subject: Subject;
  readonly concurrency: number;
  readonly breakRun: string | undefined;
}

/** The tokens by which hosts join: made once per cluster, kept for ever, never shown. */
const TOKENS = ['server-token', 'agent-token'] as const;

const makeTokens = async (tools: ClusterTools): Promise<Result<void, DroverErrors>> => {
  for (const handle of TOKENS) {
    const made = await tools.secrets.ensure(handle, () =>
      Buffer.from(Buffer.from(tools.random.bytes(32)).toString('hex')),
    );
    if (!made.ok) return err([{ ...made.error, state: 'nothing was changed' }]);
  }
  return ok(undefined);
};

/** A saved plan may be applied only when the present world gives the same plan (exit 15 otherwise). */
export const refuseStale = (saved: Plan, present: Plan): DroverError | undefined => {
  const moved = movedSince(saved, present);
  if (moved.length === 0) return undefined;
  return {
    code: 'plan-stale',
    message: 'the world is no longer the one that this plan was made for',
    cause: moved.map(({ what, detail }) => `${what}: ${detail}`).join('\n'),
    state: 'nothing was changed',
    hint: 'make a new plan and look at it: drover plan',
  };
};

/** Runs a plan that was just made or compared with the present world. */
export const applyPlan = async (
  request: ApplyRequest,
  tools: ClusterTools,
): Promise<Result<RunSummary, DroverErrors>> => {
  const tokens = await makeTokens(tools);
  if (!tokens.ok) return tokens;
  const id = newRunId(tools.clock, tools.random);
  const journal = await createRun(tools.stateDir, id, request.plan, tools.clock);
  const { plan, facts, concurrency, breakRun } = request;
  return runCluster(
    {
      id,
      mode: 'apply',
      plan,
      facts,
      hosts: hostsOf(request.subject, plan, tools),
      past: [],
      journal,
      concurrency,
      breakRun,
    },
    tools,
  );
};

/** Hosts of the spec, and those that leave it by this plan. */
const hostsOf = ({ hosts, cluster }: Subject, plan: Plan, tools: ClusterTools): readonly DoctorHost[] =>
  cluster === undefined ? hosts : [...hosts, ...leavingInPlan(cluster, tools.realm, plan)];

export interface ResumeRequest {
  readonly id: string | undefined;
  readonly subject: Subject;
  readonly concurrency: number;
  readonly breakRun: string | undefined;
}

/** Continues a run after whatever ended it: looks again, skips what is proven, goes on with the rest. */
export const resumeRun = async (
  request: ResumeRequest,
  tools: ClusterTools,
): Promise<Result<RunSummary, DroverErrors>> => {
  const stored = await loadRun(tools.stateDir, request.id);
  if (!stored.ok) return err([stored.error]);
  const run = stored.value;
  const journal = await reopenJournal(tools.stateDir, run, tools.clock);
  const past = run.lines.map(({ event }) => event);
  const { concurrency, breakRun } = request;
  const mode = run.progress.start?.mode ?? 'apply';
  return runCluster(
    {
      id: run.id,
      mode,
      plan: run.plan,
      facts: undefined,
      hosts: hostsOf(request.subject, run.plan, tools),
      past,
      journal,
      concurrency,
      breakRun,
    },
    tools,
  );
};
