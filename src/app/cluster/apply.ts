import type { DroverError, DroverErrors } from '../../core/error.js';
import { err, ok, type Result } from '../../core/result.js';
import type { FactsFile } from '../../facts/model/facts-file.js';
import type { Plan } from '../../plan/model.js';
import { movedSince } from '../../plan/stale.js';
import type { RunSummary } from '../../run/summary.js';
import type { Subject } from '../doctor/subject.js';
import { isLab, makeUpSecrets } from './apps/stored-secrets.js';
import { beginRun } from './begin-run.js';
import { hostsOfPlan } from './leaving-hosts.js';
import type { RunRequest } from './run-request.js';
import type { ClusterTools } from './tools.js';

export interface ApplyRequest extends Pick<RunRequest, 'concurrency' | 'breakRun' | 'mayBreak' | 'replan'> {
  readonly plan: Plan;
  readonly facts: FactsFile;
  readonly subject: Subject;
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
  const { subject, ...rest } = request;
  const made = [
    await makeTokens(tools),
    isLab(tools) && subject.cluster !== undefined
      ? await makeUpSecrets(subject.cluster, tools)
      : ok(undefined),
  ];
  for (const each of made) if (!each.ok) return each;
  return beginRun({ ...rest, hosts: hostsOfPlan(subject, request.plan, tools.realm) }, tools);
};
