import type { Handler } from '../command.js';
import { planPrinted } from '../plan-printed.js';
import { readPlan } from '../read-plan.js';

export const run: Handler = async (args, context) => {
  const [file = ''] = args.positionals;
  const plan = await readPlan(context.cwd, file);
  if (!plan.ok) return { errors: plan.error };
  context.print(planPrinted(plan.value, `drover apply ${file}`, args, context));
  return { exit: 'ok' };
};
