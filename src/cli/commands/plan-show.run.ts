import type { Handler } from '../command.js';
import { planPrinted } from '../plan-printed.js';
import { readPlan } from '../read-plan.js';

export const run: Handler = async (args, context) => {
  const [file = ''] = args.positionals;
  const plan = await readPlan(context.cwd, file);
  if (!plan.ok) return { errors: plan.error };
  const command = plan.value.carries === undefined ? 'apply' : 'restore';
  context.print(planPrinted(plan.value, `drover ${command} ${file}`, args, context));
  return { exit: 'ok' };
};
