import { applyPlan } from '../../app/cluster/apply.js';
import { makeCleanPlan } from '../../app/cluster/make-clean-plan.js';
import { isEmpty, planText } from '../../report/plan-text.js';
import { agree } from '../agree.js';
import { clusterSetup } from '../cluster-setup.js';
import type { Handler } from '../command.js';
import { runOutcome } from '../run-exit.js';
import { runLimits } from '../run-limits.js';

export const run: Handler = async (args, context) => {
  const setup = await clusterSetup(args, context);
  if (!setup.ok) return { errors: setup.error };
  const { tools, subject, cluster } = setup.value;
  try {
    const made = await makeCleanPlan({ cluster, subject, timeoutMs: 60_000 }, tools);
    if (!made.ok) return { errors: made.error };
    const { plan, facts } = made.value;
    const full = args.flags['verbose'] === true;
    context.print(planText({ ...context.style, unicode: true }, plan, { full }));
    if (isEmpty(plan) || args.flags['dry-run'] === true) return { exit: 'ok' };
    const refused = await agree(plan, args, context);
    if (refused !== undefined) return { errors: [refused] };
    return runOutcome(await applyPlan({ plan, facts, subject, ...runLimits(args, context) }, tools));
  } finally {
    await tools.instruments.dispose();
  }
};
