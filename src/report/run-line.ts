import type { RunEvent } from '../core/events/run.js';
import { unreachable } from '../core/unreachable.js';
import { duration } from './layout.js';
import { outagesText } from './outages-text.js';
import { paint, type Style, severityMark, symbol } from './style.js';

type RunDone = Extract<RunEvent, { type: 'run-done' }>;

export const endedWell = ({ outcome }: RunDone): boolean => outcome === 'done' || outcome === 'rolled-back';

/** How a run ended: the state of the world, why, how to go on and how to go back (invariant 5). */
export const runDone = (style: Style, event: RunDone): string => {
  const mark = endedWell(event) ? paint(style, 'good', symbol(style, 'good')) : severityMark(style, 'error');
  return [
    `${mark} run ${event.run}: ${event.outcome} (${duration(event.durationMs)})`,
    `  state    ${event.state}`,
    ...(event.why === undefined
      ? []
      : event.why.split('\n').map((line, index) => `  ${index === 0 ? 'why ' : '    '}     ${line}`)),
    ...(event.next === undefined ? [] : [`  go on    ${event.next}`]),
    ...(event.back === undefined ? [] : [`  go back  ${event.back}`]),
  ].join('\n');
};

/** What an append-only log says about an event of a run; undefined = nothing. */
export const runLine = (style: Style, event: RunEvent, verbose: boolean): string | undefined => {
  switch (event.type) {
    case 'run-start':
      return `run ${event.run} ${event.resumed ? 'goes on' : 'begins'}: plan ${event.plan.slice(0, 12)} on ${event.cluster}, by ${event.operator}`;
    case 'stage-start':
      return `${event.stage}: ${event.goal}`;
    case 'action-intent':
      return verbose
        ? `  ${event.action}: started${event.attempt > 1 ? `, attempt ${event.attempt}` : ''}`
        : undefined;
    case 'action-progress':
      return verbose ? `  ${event.action}: ${event.text}` : undefined;
    case 'action-done':
      return `  ${paint(style, 'good', symbol(style, 'good'))} ${event.action}: ${event.result === 'held' ? 'held already, ' : ''}${event.proof} (${duration(event.durationMs)})`;
    case 'action-failed': {
      const text = `${event.action}: ${event.message} (${duration(event.durationMs)})`;
      return event.retrying
        ? `  ${severityMark(style, 'warning')} ${text}, trying again`
        : `  ${severityMark(style, 'error')} ${text}`;
    }
    case 'action-skipped':
      return `  ${symbol(style, 'dash')} ${event.action}: ${event.reason}`;
    case 'guard-breach':
      return `${severityMark(style, 'error')} ${event.guard}: ${event.detail}; decision: ${event.decision}`;
    case 'outages':
      return outagesText(style, event);
    case 'run-done':
      return runDone(style, event);
    case 'action-checkpoint':
    case 'action-saved':
    case 'items-intent':
    case 'items-done':
      return undefined;
    default:
      return unreachable(event);
  }
};
