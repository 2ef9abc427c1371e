import type { DroverError, DroverErrors } from '../../core/error.js';
import { err, type Result } from '../../core/result.js';
import { modeOf, type RunMode, resumeCommand } from '../../run/mode.js';
import type { RunSummary } from '../../run/summary.js';
import { type Subject, serverTargets } from '../doctor/subject.js';
import { bringRun } from './bring-run.js';
import { hostsOfPlan } from './leaving-hosts.js';
import { partlyTakenBack } from './rollback.js';
import { runCluster } from './run-cluster.js';
import type { RunRequest } from './run-request.js';
import { isOf, reopenJournal, type StoredRun, wrongCluster } from './run-store.js';
import type { ClusterTools } from './tools.js';

export interface ResumeRequest
  extends Pick<RunRequest, 'concurrency' | 'breakRun' | 'mayBreak' | 'replan' | 'accept'> {
  readonly id: string | undefined;
  /** What the person asked for: a way back is not gone on with by accident. */
  readonly mode: RunMode;
  readonly subject: Subject;
}

export const otherMode = ({ id, plan }: StoredRun): DroverError => ({
  code: 'run-other-mode',
  message:
    plan.takesBack !== undefined
      ? `run ${id} takes run ${plan.takesBack.run} back`
      : `run ${id} takes nothing back: it ${plan.carries === undefined ? 'applies a plan' : 'restores objects'}`,
  state: 'nothing was changed',
  hint: resumeCommand(modeOf(plan), { run: id }),
});

/**
 * Continues a run after whatever ended it, on this machine or another: looks again, skips what is proven, goes on with
 * the rest.
 */
export const resumeRun = async (
  request: ResumeRequest,
  tools: ClusterTools,
): Promise<Result<RunSummary, DroverErrors>> => {
  const { subject, id, mode, ...rest } = request;
  const servers = serverTargets(subject.hosts);
  const place = { cluster: subject.cluster?.name ?? '', realm: tools.realm };
  const stored = await bringRun({ ...place, id, servers }, tools);
  if (!stored.ok) return err([stored.error]);
  const run = stored.value;
  if (!isOf(place, run.plan)) return err([wrongCluster(place, run)]);
  if (modeOf(run.plan) !== mode) return err([otherMode(run)]);
  const partly = await partlyTakenBack(run, tools);
  if (partly !== undefined) return err([partly]);
  const journal = await reopenJournal(tools.stateDir, run, tools.clock);
  const past = run.lines.map(({ event }) => event);
  return runCluster(
    {
      ...rest,
      id: run.id,
      plan: run.plan,
      facts: undefined,
      hosts: hostsOfPlan(subject, run.plan, tools.realm),
      past,
      lines: run.lines,
      journal,
    },
    tools,
  );
};
