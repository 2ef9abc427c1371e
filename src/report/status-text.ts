import { count } from '../core/text.js';
import type { RunStatus } from '../run/run-status.js';
import { hang } from './layout.js';
import { paint, type Style, severityMark, symbol } from './style.js';

const time = (at: string): string => at.slice(0, 19).replace('T', ' ');

/** Where a run stands: how far it is, what is being done, what failed, and how to go on. */
export const statusText = (style: Style, status: RunStatus): string => {
  const { run, cluster, realm, operator, begun, lastAt, outcome, actions, done, waiting } = status;
  const dot = ` ${symbol(style, 'dot')} `;
  return [
    paint(style, 'strong', `run ${run}: ${outcome}`),
    paint(
      style,
      'dim',
      [cluster, realm, operator, `begun ${time(begun)}`, `last line ${time(lastAt)}`].join(dot),
    ),
    `${done} of ${count(actions, 'action')} done, ${waiting} not started`,
    ...status.running.flatMap(({ action, attempts }) =>
      hang('  > ', `${action}${attempts > 1 ? `, attempt ${attempts}` : ''}`, style.columns),
    ),
    ...status.failed.flatMap(({ action, message }) =>
      hang(`  ${severityMark(style, 'error')} `, `${action}: ${message}`, style.columns),
    ),
    ...(status.next === undefined ? [] : [`Go on:  ${status.next}`]),
    '',
  ].join('\n');
};
