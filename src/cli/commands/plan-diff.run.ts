import { comparePlans, type PlanDifference } from '../../plan/compare.js';
import type { Handler } from '../command.js';
import { readPlan } from '../read-plan.js';

const line = (difference: PlanDifference): string => {
  switch (difference.kind) {
    case 'only-in-first':
      return `- ${difference.action.id}: ${difference.action.title}`;
    case 'only-in-second':
      return `+ ${difference.action.id}: ${difference.action.title}`;
    case 'carried':
      return `~ what is carried: ${difference.members.join(', ')}`;
    case 'changed':
      return `~ ${difference.first.id}: ${difference.members.join(', ')}`;
  }
};

export const run: Handler = async (args, context) => {
  const [first = '', second = ''] = args.positionals;
  const before = await readPlan(context.cwd, first);
  if (!before.ok) return { errors: before.error };
  const after = await readPlan(context.cwd, second);
  if (!after.ok) return { errors: after.error };
  const differences = comparePlans(before.value, after.value);
  context.print(
    differences.length === 0 ? 'The plans do the same.\n' : `${differences.map(line).join('\n')}\n`,
  );
  return { exit: 'ok' };
};
