import { count, sentence } from '../core/text.js';
import { type FindingOptions, findingText } from './finding-text.js';
import { findingTree } from './finding-tree.js';
import { hang, measuredText } from './layout.js';
import type { DoctorSummary, ReportState } from './report-state.js';
import { serviceTable } from './service-table.js';
import { paint, type Style, symbol } from './style.js';
import { verdictTable } from './verdict-table.js';

/** "2 errors, 1 warning on 8 hosts", with colour for what is not zero. */
const headline = (style: Style, summary: DoctorSummary): string => {
  const parts = [
    summary.errors > 0 ? paint(style, 'error', count(summary.errors, 'error')) : '',
    summary.warnings > 0 ? paint(style, 'warning', count(summary.warnings, 'warning')) : '',
    summary.infos > 0 ? paint(style, 'info', count(summary.infos, 'remark')) : '',
  ].filter((part) => part !== '');
  const gaps = summary.notMeasured ?? 0;
  const nothing =
    gaps === 0
      ? paint(style, 'good', `${symbol(style, 'good')} Nothing is wrong`)
      : `Nothing wrong was seen, but ${count(gaps, 'question')} stayed without an answer,`;
  const found = parts.length === 0 ? nothing : parts.join(', ');
  const reached = summary.hosts - summary.unreachable.length;
  const hosts =
    reached === summary.hosts ? count(reached, 'host') : `${reached} of ${count(summary.hosts, 'host')}`;
  return `${found} on ${hosts}, ${measuredText(summary)}`;
};

const footer = (style: Style, summary: DoctorSummary): readonly string[] => {
  const line = (label: string, text: string): readonly string[] =>
    hang(`${paint(style, 'dim', label.padEnd(12))} `, text, style.columns);
  return [
    ...(summary.unreachable.length === 0 ? [] : line('not measured', sentence(summary.unreachable, 8))),
    ...(summary.ignored.length === 0 ? [] : line('ignored', sentence(summary.ignored, 8))),
    ...(summary.factsFile === undefined ? [] : line('facts', summary.factsFile)),
    ...line('next', paint(style, 'strong', summary.next)),
  ];
};

/** The doctor's report for a person: findings by importance, the verdict table, one next command. */
export const doctorText = (style: Style, report: ReportState, options: FindingOptions): string => {
  const { summary } = report;
  if (summary === undefined) return '';
  const sections = [
    headline(style, summary),
    ...findingTree(report.findings).map((node) => findingText(style, node, options)),
    ...(report.verdicts.length === 0
      ? []
      : [
          `${paint(style, 'strong', 'Which cluster network can work here')}\n${verdictTable(style, report.verdicts)}`,
        ]),
    ...(report.services.length === 0
      ? []
      : [
          `${paint(style, 'strong', 'Services outside the cluster')}\n${serviceTable(style, report.services)}`,
        ]),
    footer(style, summary).join('\n'),
  ];
  return `${sections.join('\n\n')}\n`;
};
