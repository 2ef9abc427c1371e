import type { DroverError } from '../core/error.js';
import type { Plan } from '../plan/model.js';
import type { CommandContext, ParsedArguments } from './command.js';
import { textFlag } from './lab-context.js';

const unconfirmed = (message: string, hint: string): DroverError => ({
  code: 'plan-confirmation',
  message,
  state: 'nothing was changed',
  hint,
});

/**
 * What cannot be taken back, and what makes the API stand still (invariant 7: explicit consent); on the way back also
 * what is dangerous: then data or votes are at stake.
 */
const needsName = (plan: Plan): boolean =>
  plan.stages.some(
    ({ actions, envelope }) =>
      envelope?.irreversible === true ||
      actions.some(
        ({ undo, risk, disruptive, expected }) =>
          undo.kind === 'irreversible' ||
          (disruptive && expected.interruption !== undefined) ||
          (plan.takesBack !== undefined && risk === 'high'),
      ),
  );

/** Asks where questions may be asked; elsewhere the flags must say it. Undefined = agreed. */
export const agree = async (
  plan: Plan,
  args: ParsedArguments,
  context: CommandContext,
): Promise<DroverError | undefined> => {
  const name = `${plan.realm}/${plan.cluster.name}`;
  const { confirm, isCancel, text } = await import('@clack/prompts');
  if (needsName(plan)) {
    const given =
      textFlag(args.flags, 'confirm') ??
      (context.interactive
        ? await text({
            message: `Some of this cannot be taken back, or interrupts the cluster. Type ${name} to go on.`,
          })
        : undefined);
    return given === name
      ? undefined
      : unconfirmed(
          'the plan has actions that cannot be taken back, or that interrupt the cluster',
          `--confirm ${name}`,
        );
  }
  if (args.flags['yes'] === true) return undefined;
  const verb = plan.takesBack === undefined ? 'applies the plan' : 'goes back';
  if (!context.interactive) return unconfirmed('nobody can be asked here', `--yes ${verb} without asking`);
  const answer = await confirm({
    message: plan.takesBack === undefined ? `Apply this to ${name}?` : `Take this back on ${name}?`,
  });
  return isCancel(answer) || !answer
    ? unconfirmed('it was not agreed to', 'run the command again')
    : undefined;
};
