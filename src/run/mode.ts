import type { RunEvent } from '../core/events/run.js';
import type { Plan } from '../plan/model.js';

/** What a run does with its plan; it decides by which command a person goes on with it. */
export type RunMode = Extract<RunEvent, { type: 'run-start' }>['mode'];

export const modeOf = ({ takesBack, carries }: Pick<Plan, 'takesBack' | 'carries'>): RunMode =>
  takesBack !== undefined ? 'rollback' : carries === undefined ? 'apply' : 'restore';

const COMMANDS: Readonly<Record<RunMode, string>> = {
  apply: 'drover apply',
  restore: 'drover restore',
  rollback: 'drover rollback',
};

/** A run, and the spec that commands about it must name; absent = the default one. */
export interface NamedRun {
  readonly run: string;
  readonly spec?: string | undefined;
}

const named = (command: string, { run, spec }: NamedRun): string =>
  [command, run, ...(spec === undefined ? [] : ['-f', spec])].join(' ');

/** The command that goes on with a run. */
export const resumeCommand = (mode: RunMode, run: NamedRun): string =>
  named(`${COMMANDS[mode]} --resume`, run);

/** The command that takes a run back. */
export const rollbackCommand = (run: NamedRun): string => named('drover rollback', run);
