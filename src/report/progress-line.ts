import type { DroverEvent } from '../core/events/event.js';
import { unreachable } from '../core/unreachable.js';
import { errorText } from './error-text.js';
import { duration } from './layout.js';
import { runLine } from './run-line.js';
import { paint, type Style, severityMark, symbol } from './style.js';

export interface LineOptions {
  readonly verbose: boolean;
}

const hostPrefix = (host: string | undefined): string => (host === undefined ? '' : `${host}: `);

/**
 * What an append-only log says about an event; undefined = nothing. Findings, matrices, verdicts and the summary are
 * the result: they are printed as a report at the end.
 */
export const progressLine = (style: Style, event: DroverEvent, options: LineOptions): string | undefined => {
  switch (event.type) {
    case 'version':
      return event.realm === 'real' ? undefined : `in ${event.realm}`;
    case 'phase-start':
      return event.title;
    case 'phase-done':
      return `${paint(style, 'good', symbol(style, 'good'))} ${event.title} (${duration(event.durationMs)})`;
    case 'host-start':
      return options.verbose ? `  ${event.host}: started` : undefined;
    case 'host-progress':
      return options.verbose ? `  ${event.host}: ${event.text}` : undefined;
    case 'host-done':
      return `  ${paint(style, 'good', symbol(style, 'good'))} ${event.host}: ${event.text} (${duration(event.durationMs)})`;
    case 'host-failed':
      return `  ${severityMark(style, 'error')} ${event.host}: ${event.error.message} (${duration(event.durationMs)})`;
    case 'waiting': {
      const last = event.last === undefined ? '' : `, last: ${event.last}`;
      return `still waiting for ${event.what}, ${duration(event.sinceMs)}${last}`;
    }
    case 'note':
      return `${severityMark(style, event.level)} ${hostPrefix(event.host)}${event.text}`;
    case 'diagnostic':
      return errorText(style, event.severity, event.error);
    case 'run-start':
    case 'stage-start':
    case 'action-intent':
    case 'action-checkpoint':
    case 'action-saved':
    case 'items-intent':
    case 'items-done':
    case 'action-progress':
    case 'action-done':
    case 'action-failed':
    case 'action-skipped':
    case 'guard-breach':
    case 'outages':
    case 'run-done':
      return runLine(style, event, options.verbose);
    case 'check-result':
    case 'verify-summary':
    case 'finding':
    case 'matrix':
    case 'service':
    case 'verdict':
    case 'doctor-summary':
      return undefined;
    default:
      return unreachable(event);
  }
};
