import type { DroverErrors } from '../../core/error.js';
import type { Result } from '../../core/result.js';
import type { RunSummary } from '../../run/summary.js';
import { runCluster } from './run-cluster.js';
import type { RunRequest } from './run-request.js';
import { createRun, dropRun, newRunId } from './run-store.js';
import type { ClusterTools } from './tools.js';

/** Runs a plan for the first time, with a journal of its own. */
export const beginRun = async (
  request: Omit<RunRequest, 'id' | 'past' | 'journal'>,
  tools: ClusterTools,
): Promise<Result<RunSummary, DroverErrors>> => {
  const id = newRunId(tools.clock, tools.random);
  const journal = await createRun(tools.stateDir, id, request.plan, tools.clock);
  const ended = await runCluster({ ...request, id, past: [], journal }, tools);
  // A run that got no lock never was one: `--resume` must not take it for the newest.
  if (!ended.ok) await dropRun(tools.stateDir, id);
  return ended;
};
