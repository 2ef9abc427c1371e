import type { DroverErrors } from '../core/error.js';
import { err, ok, type Result } from '../core/result.js';
import type { Plan } from '../plan/model.js';
import { isEmpty, planText } from '../report/plan-text.js';
import { agree } from './agree.js';
import type { CommandContext, ParsedArguments } from './command.js';

/** Shows the way back of a run and asks. False = there is nothing to take back, which is said. */
export const agreeToGoBack = async (
  { plan, run }: { readonly plan: Plan; readonly run: string },
  args: ParsedArguments,
  context: CommandContext,
): Promise<Result<boolean, DroverErrors>> => {
  if (isEmpty(plan)) {
    context.print(`Nothing to take back: everything that run ${run} changed is as it was.\n`);
    return ok(false);
  }
  const style = { ...context.style, unicode: true };
  context.print(planText(style, plan, { full: args.flags['verbose'] === true }));
  const refused = await agree(plan, args, context);
  return refused === undefined ? ok(true) : err([refused]);
};
