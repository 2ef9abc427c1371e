import type { RunEvent } from '../core/events/run.js';
import type { Plan } from '../plan/model.js';

/** What a run does with its plan; it decides by which command a person goes on with it. */
export type RunMode = Extract<RunEvent, { type: 'run-start' }>['mode'];

export const modeOf = ({ takesBack }: Pick<Plan, 'takesBack'>): RunMode =>
  takesBack === undefined ? 'apply' : 'rollback';

const COMMANDS: Readonly<Record<RunMode, string>> = { apply: 'drover apply', rollback: 'drover rollback' };

/** The command that goes on with a run. */
export const resumeCommand = (mode: RunMode, run: string): string => `${COMMANDS[mode]} --resume ${run}`;
