import { count } from '../core/text.js';
import type { CheckResult } from '../verify/check.js';
import { hang } from './layout.js';
import { paint, type Style, symbol } from './style.js';

/** Lines of failures and retries per check; a network that is down fails for every pair. */
const SHOWN = 6;

const byCheck = (results: readonly CheckResult[]): ReadonlyMap<string, readonly CheckResult[]> => {
  const groups = new Map<string, CheckResult[]>();
  for (const result of results) groups.set(result.check, [...(groups.get(result.check) ?? []), result]);
  return groups;
};

const place = ({ node, to }: CheckResult): string => {
  if (node === undefined) return '';
  return to === undefined ? `${node}: ` : `${node} to ${to}: `;
};

/** What did not hold at once is told, also when it held in the end. */
const outcome = (result: CheckResult): string => {
  const { retried, status, detail } = result;
  if (retried === undefined) return `${place(result)}${detail}`;
  const tries = `${retried.attempts} tries in ${retried.seconds} s`;
  return status === 'fail'
    ? `${place(result)}${detail} (${tries})`
    : `${place(result)}held after ${tries}; before: ${retried.failure}`;
};

const groupLines = (style: Style, group: readonly CheckResult[]): string[] => {
  const first = group[0];
  if (first === undefined) return [];
  if (first.status === 'not-managed') {
    return group.map(({ title, detail }) => `${symbol(style, 'dash')} ${title}: ${detail}`);
  }
  const failed = group.filter(({ status }) => status === 'fail');
  const told = [...failed, ...group.filter(({ status, retried }) => status === 'pass' && retried)];
  const amount =
    group.length === 1 ? '' : paint(style, 'dim', `  ${group.length - failed.length} of ${group.length}`);
  const mark =
    failed.length === 0
      ? paint(style, 'good', symbol(style, 'good'))
      : paint(style, 'error', symbol(style, 'error'));
  const more = told.length > SHOWN ? [`    ${symbol(style, 'more')} ${told.length - SHOWN} more`] : [];
  return [
    `${mark} ${first.title}${amount}`,
    ...told.slice(0, SHOWN).flatMap((result) => hang('    ', outcome(result), style.columns)),
    ...more,
  ];
};

/** What a verification found, for people: one line per check, failures with what was seen, totals. */
export const verifyText = (style: Style, results: readonly CheckResult[]): string => {
  const passed = results.filter(({ status }) => status === 'pass').length;
  const failed = results.filter(({ status }) => status === 'fail').length;
  const again = results.filter(({ status, retried }) => status === 'pass' && retried).length;
  const unmanaged = results.filter(({ status }) => status === 'not-managed').length;
  return [
    ...[...byCheck(results).values()].flatMap((group) => groupLines(style, group)),
    '',
    `Verify: ${count(passed, 'check')} passed${again === 0 ? '' : ` (${again} not at once)`}, ${failed} failed, ${unmanaged} not managed.`,
    '',
  ].join('\n');
};
