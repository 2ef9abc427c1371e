import { forgetScript } from '../../run/remote/compose.js';
import type { RunRequest } from './run-request.js';
import type { ClusterTools } from './tools.js';

const LIMIT_MS = 60_000;

/**
 * Removes what a run that was taken back, and the way back itself, kept on the hosts: everything is proven to be as it was
 * found. The operator's folder of runs keeps plans and journals. A host that cannot be asked is told.
 */
export const forgetRuns = async (
  { id, plan, hosts }: Pick<RunRequest, 'id' | 'plan' | 'hosts'>,
  fencing: number,
  tools: ClusterTools,
): Promise<void> => {
  // What else the run saved is needed when the rest of it is taken back.
  if (plan.takesBack === undefined || plan.takesBack.only !== undefined) return;
  const runs = [plan.takesBack.run, id];
  const text = forgetScript({ cluster: plan.cluster.name, fencing }, runs);
  const limits = { timeoutMs: LIMIT_MS, signal: tools.hard };
  const answers = await Promise.all(
    hosts.map(async ({ target }) => {
      const done = await tools.transport.run(target, { title: 'remove what runs saved', text }, limits);
      return done.ok && done.value.status === 0 ? [] : [target.name];
    }),
  );
  const behind = answers.flat();
  if (behind.length === 0) return;
  const folders = runs.map((run) => `/var/lib/drover/${run}`).join(' and ');
  const told = `what runs saved could not be removed on ${behind.join(', ')}: ${folders}`;
  tools.emit({ type: 'note', level: 'warning', text: told });
};
