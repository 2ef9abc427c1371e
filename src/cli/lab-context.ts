import type { ChangeRequest } from '../lab/change.js';
import type { ClusterContext } from '../lab/cluster/make.js';
import { systemClock } from '../system/clock.js';
import type { CommandContext, ParsedArguments } from './command.js';

type Flags = ParsedArguments['flags'];

/** What the lab's own code needs of a command's context. */
export const labContext = ({ env, emit, signal }: CommandContext): ClusterContext => ({
  env,
  emit,
  signal,
  clock: systemClock,
  // Most commands never talk to a cluster: its client is many modules.
  connect: async (kubeconfig) => (await import('../app/lab/connect-kube.js')).connectKube(kubeconfig),
});

/** The value of a flag that takes one; undefined when it was not given (or given without its optional value). */
export const textFlag = (flags: Flags, name: string): string | undefined => {
  const value = flags[name];
  return typeof value === 'string' ? value : undefined;
};

/** The values of a flag that may be repeated; none when it was not given. */
export const listFlag = (flags: Flags, name: string): readonly string[] => {
  const value = flags[name];
  return Array.isArray(value) ? (value as readonly string[]) : [];
};

/** Which lab a command changes, and how others are told about it. */
export const changeRequest = (args: ParsedArguments, command: string): ChangeRequest => ({
  lab: textFlag(args.flags, 'lab'),
  purpose: command,
});
