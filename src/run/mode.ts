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

/** The command that goes on with a run. */
export const resumeCommand = (mode: RunMode, run: string): string => `${COMMANDS[mode]} --resume ${run}`;
