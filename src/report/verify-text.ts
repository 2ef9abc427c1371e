import type { CheckResult } from '../verify/check.js';
import { type CheckGroup, checkGroups, isApplicable, outcomeOf, unmanagedOf } from './check-groups.js';
import type { FindingOptions } from './finding-text.js';
import { findingText } from './finding-text.js';
import { findingTree } from './finding-tree.js';
import { duration, hang } from './layout.js';
import type { ReportState, VerifySummary } from './report-state.js';
import { paint, type Style, symbol } from './style.js';
import { amountOf, verdictOf } from './verify-verdict.js';

/** Lines of failures and retries per check; a network that is down fails for every pair. */
const SHOWN = 6;

const groupLines = (style: Style, group: CheckGroup): string[] => {
  const { title, results, failed, late } = group;
  if (!isApplicable(group))
    return [
      `${symbol(style, 'dash')} ${title}: does not apply`,
      ...results.flatMap((each) => hang('    ', outcomeOf(each), style.columns)),
    ];
  const told = [...failed, ...late];
  const amount =
    results.length === 1
      ? ''
      : paint(style, 'dim', `  ${results.length - failed.length} of ${results.length}`);
  const mark =
    failed.length === 0
      ? paint(style, 'good', symbol(style, 'good'))
      : paint(style, 'error', symbol(style, 'error'));
  const more = told.length > SHOWN ? [`    ${symbol(style, 'more')} ${told.length - SHOWN} more`] : [];
  return [
    `${mark} ${title}${amount}`,
    ...told.slice(0, SHOWN).flatMap((result) => hang('    ', outcomeOf(result), style.columns)),
    ...more,
  ];
};

const headline = (style: Style, summary: VerifySummary): string => {
  const { passed, failed } = summary;
  const verdict = verdictOf(summary);
  const time = `in ${duration(summary.durationMs)}`;
  return failed === 0
    ? paint(style, 'good', `${symbol(style, 'good')} ${verdict}: ${amountOf(summary, passed)} passed ${time}`)
    : paint(
        style,
        'error',
        `${symbol(style, 'error')} ${verdict}: ${failed} of ${amountOf(summary, passed + failed)} failed ${time}`,
      );
};

const totals = (results: readonly CheckResult[], summary: VerifySummary): string => {
  const again = results.filter(({ status, retried }) => status === 'pass' && retried !== undefined).length;
  return `Verify: ${amountOf(summary, summary.passed)} passed${again === 0 ? '' : ` (${again} not at once)`}, ${summary.failed} failed, ${summary.notManaged} not managed, ${summary.notApplicable} not applicable.`;
};

const reasons = (style: Style, { findings }: ReportState, options: FindingOptions): readonly string[] =>
  findings.length === 0
    ? ['The doctor found nothing on the hosts and between them that explains it.']
    : [
        paint(style, 'strong', 'What the doctor found'),
        ...findingTree(findings).map((node) => findingText(style, node, options)),
      ];

const footer = (style: Style, { proof, next }: VerifySummary): string => {
  const line = (label: string, text: string): readonly string[] =>
    hang(`${paint(style, 'dim', label.padEnd(6))} `, text, style.columns);
  return [
    ...(proof === undefined ? [] : line('proof', proof)),
    ...line('next', paint(style, 'strong', next)),
  ].join('\n');
};

/** What a verification found, for people: one line per check, failures with what was seen and why, totals. */
export const verifyText = (style: Style, report: ReportState, options: FindingOptions): string => {
  const { verify, checks } = report;
  if (verify === undefined) return '';
  const unmanaged = unmanagedOf(checks).map(
    ({ title, detail }) => `${symbol(style, 'dash')} ${title}: ${detail}`,
  );
  const sections = [
    headline(style, verify),
    [...checkGroups(checks).flatMap((group) => groupLines(style, group)), ...unmanaged].join('\n'),
    ...(verify.failed === 0 || verify.bundle !== undefined ? [] : reasons(style, report, options)),
    totals(checks, verify),
    footer(style, verify),
  ];
  return `${sections.join('\n\n')}\n`;
};
