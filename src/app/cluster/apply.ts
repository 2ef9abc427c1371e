import type { DroverError, DroverErrors } from '../../core/error.js';
import { err, ok, type Result } from '../../core/result.js';
import type { FactsFile } from '../../facts/model/facts-file.js';
import type { Plan } from '../../plan/model.js';
import { movedSince } from '../../plan/stale.js';
import type { RunSummary } from '../../run/summary.js';
import { type DoctorHost, type Subject, serverTargets } from '../doctor/subject.js';
import { bringRun } from './bring-run.js';
import { leavingInPlan } from './leaving-hosts.js';
import type { Replan } from './replan.js';
import { type RunRequest, runCluster } from './run-cluster.js';
import { createRun, dropRun, newRunId, reopenJournal } from './run-store.js';
import type { ClusterTools } from './tools.js';

export interface ApplyRequest {
  readonly plan: Plan;
  readonly facts: FactsFile;
  readonly subject: Subject;
  readonly concurrency: number;
  readonly breakRun: string | undefined;
  readonly mayBreak?: RunRequest['mayBreak'];
  readonly replan?: Replan;
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
  const { subject, ...rest } = request;
  const hosts = hostsOf(subject, request.plan, tools);
  const ended = await runCluster({ ...rest, id, mode: 'apply', hosts, past: [], journal }, tools);
  // A run that got no lock never was one: `--resume` must not take it for the newest.
  if (!ended.ok) await dropRun(tools.stateDir, id);
  return ended;
};

/** Hosts of the spec, and those that leave it by this plan. */
const hostsOf = ({ hosts, cluster }: Subject, plan: Plan, tools: ClusterTools): readonly DoctorHost[] =>
  cluster === undefined ? hosts : [...hosts, ...leavingInPlan(cluster, tools.realm, plan)];

export interface ResumeRequest {
  readonly id: string | undefined;
  readonly subject: Subject;
  readonly concurrency: number;
  readonly breakRun: string | undefined;
  readonly mayBreak?: RunRequest['mayBreak'];
  readonly replan?: Replan;
  /** See `RunRequest.accept`. */
  readonly accept?: string | undefined;
}

/**
 * Continues a run after whatever ended it, on this machine or another: looks again, skips what is proven, goes on with
 * the rest.
 */
export const resumeRun = async (
  request: ResumeRequest,
  tools: ClusterTools,
): Promise<Result<RunSummary, DroverErrors>> => {
  const { subject, id, ...rest } = request;
  const servers = serverTargets(subject.hosts);
  const cluster = subject.cluster?.name ?? '';
  const stored = await bringRun({ cluster, id, servers }, tools);
  if (!stored.ok) return err([stored.error]);
  const run = stored.value;
  const journal = await reopenJournal(tools.stateDir, run, tools.clock);
  const past = run.lines.map(({ event }) => event);
  const mode = run.progress.start?.mode ?? 'apply';
  return runCluster(
    {
      ...rest,
      id: run.id,
      mode,
      plan: run.plan,
      facts: undefined,
      hosts: hostsOf(subject, run.plan, tools),
      past,
      lines: run.lines,
      journal,
    },
    tools,
  );
};
