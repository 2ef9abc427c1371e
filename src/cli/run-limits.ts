import type { Holder } from '../app/cluster/lock-refusal.js';
import type { RunRequest } from '../app/cluster/run-request.js';
import type { Argument, CommandContext, Flag, ParsedArguments } from './command.js';
import { textFlag } from './lab-context.js';

/** Arguments and flags of the commands that run a plan. */
export const planArgument: Argument = {
  name: 'plan',
  required: false,
  summary: 'A plan that `drover plan --out` saved',
  complete: 'file',
};

export const onlyFlag: Flag = {
  name: 'only',
  value: 'PART',
  choices: ['network'],
  summary:
    'Nothing but the change of the cluster network; hosts and K3s stay as they are, whoever built them',
};

export const yesFlag: Flag = {
  name: 'yes',
  short: 'y',
  env: 'DROVER_YES',
  summary: 'Do not ask before changing anything',
};

export const confirmFlag = (summary: string): Flag => ({
  name: 'confirm',
  value: 'REALM/NAME',
  env: 'DROVER_CONFIRM',
  summary,
});

/** `what` = `a run`, `a way back`. */
export const resumeFlag = (what: string): Flag => ({
  name: 'resume',
  value: 'RUN',
  optionalValue: true,
  summary: `Go on with ${what} that did not end; default: the newest`,
});

export const onFailureFlag: Flag = {
  name: 'on-failure',
  value: 'WHAT',
  choices: ['stop', 'rollback'],
  default: 'stop',
  summary: 'What follows a failure: stop, resumable, or take everything back at once',
};

export const concurrencyFlag: Flag = {
  name: 'concurrency',
  value: 'NUMBER',
  default: '32',
  summary: 'Actions at the same time, over all hosts',
};

export const breakLockFlag: Flag = {
  name: 'break-lock',
  value: 'RUN',
  optionalValue: true,
  summary:
    'Take the lock over from this run, which must be dead for certain; without RUN it is shown and asked for',
};

const holderText = ({ run, owner, ageSeconds, state }: Holder): string =>
  state === 'paused'
    ? `Run ${run} of ${owner} is paused and keeps this cluster.`
    : `Run ${run} of ${owner} holds this cluster; its last heartbeat is ${ageSeconds} s old${state === 'alive' ? ': it seems to be alive' : ''}.`;

/** `--break-lock` alone shows who holds the lock and asks; nobody can be asked without a terminal. */
const mayBreak = async (holder: Holder): Promise<boolean> => {
  const { text } = await import('@clack/prompts');
  return (
    (await text({ message: `${holderText(holder)} Type ${holder.run} to take the lock over.` })) ===
    holder.run
  );
};

/** What every run takes from the same flags. */
export const runLimits = (
  args: ParsedArguments,
  context: CommandContext,
): Pick<RunRequest, 'concurrency' | 'breakRun' | 'mayBreak'> => ({
  concurrency: Number(textFlag(args.flags, 'concurrency') ?? 32),
  breakRun: textFlag(args.flags, 'break-lock'),
  ...(args.flags['break-lock'] === true && context.interactive ? { mayBreak } : {}),
});
