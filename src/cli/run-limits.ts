import type { Holder } from '../app/cluster/lock-refusal.js';
import type { RunRequest } from '../app/cluster/run-cluster.js';
import type { CommandContext, Flag, ParsedArguments } from './command.js';
import { textFlag } from './lab-context.js';

/** Flags of every command that runs a plan. */
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
