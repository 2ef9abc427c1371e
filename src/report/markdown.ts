import type { Service } from '../core/events/service.js';
import type { Verdict } from '../core/events/verdict.js';
import { count } from '../core/text.js';
import type { FindingNode } from './finding-tree.js';
import { findingTree } from './finding-tree.js';
import { measuredText } from './layout.js';
import type { ReportState } from './report-state.js';
import { heardLines } from './service-table.js';
import { VERDICT_WORDS, verdictMtu, verdictReasons } from './verdict-words.js';

/** Text inside Markdown: characters that would start markup or end a table cell are escaped. */
export const escapeMarkdown = (text: string): string =>
  text.replace(/[\\`*_{}[\]<>|#]/g, '\\$&').replaceAll('\n', ' ');

const md = escapeMarkdown;

const MARK = { good: '✓', error: '✗', warning: '!', info: 'i', unknown: '?' } as const;

export const findingSection = ({ finding, explains }: FindingNode): string => {
  const evidence = finding.evidence.map(
    ({ host, text }) => `- ${host === undefined ? '' : `**${md(host)}** `}${md(text)}`,
  );
  const symptoms = explains.map(
    (child) => `- ${child.finding.severity}: ${md(child.finding.title)} (\`${child.finding.code}\`)`,
  );
  return [
    `### ${MARK[finding.severity]} ${md(finding.title)}`,
    `\`${finding.code}\` · ${finding.severity}`,
    evidence.join('\n'),
    `**Cause.** ${md(finding.cause)}`,
    `**Fix.** ${md(finding.fix.text)}`,
    ...(symptoms.length === 0 ? [] : [`**Explains**\n\n${symptoms.join('\n')}`]),
    ...(finding.source === undefined ? [] : [`Source: ${md(finding.source)}`]),
  ].join('\n\n');
};

const verdictRow = (verdict: Verdict): string => {
  const { text, mark } = VERDICT_WORDS[verdict.status];
  const sign = mark in MARK ? MARK[mark as keyof typeof MARK] : '';
  const title = verdict.asked ? `**${md(verdict.title)}** (asked for)` : md(verdict.title);
  return `| ${title} | ${sign} ${text} | ${verdictMtu(verdict) ?? '–'} | ${verdictReasons(verdict).map(md).join('<br>')} |`;
};

const serviceRow = (service: Service): string => {
  const heard = heardLines(service).map(({ ok, text }) => `${ok ? MARK.good : MARK.error} ${md(text)}`);
  return `| ${md(service.service)} | ${md(service.place)} | ${heard.join('<br>')} |`;
};

/** The report as Markdown: for pull requests, tickets and step summaries. */
export const markdownDocument = (report: ReportState): string => {
  const { summary } = report;
  const head =
    summary === undefined
      ? 'The doctor did not finish.'
      : `${count(summary.errors, 'error')}, ${count(summary.warnings, 'warning')}, ${count(summary.infos, 'remark')} on ${count(summary.hosts, 'host')}, ${measuredText(summary)}.`;
  const errors = report.diagnostics.map(
    ({ severity, error }) => `- ${severity} \`${error.code}\`: ${md(error.message)}`,
  );
  const sections = [
    '# Drover doctor',
    head,
    ...(errors.length === 0 ? [] : [errors.join('\n')]),
    ...(report.findings.length === 0
      ? []
      : ['## Findings', ...findingTree(report.findings).map(findingSection)]),
    ...(report.verdicts.length === 0
      ? []
      : [
          '## Which cluster network can work here',
          ['| network | verdict | MTU | why |', '|---|---|---|---|', ...report.verdicts.map(verdictRow)].join(
            '\n',
          ),
        ]),
    ...(report.services.length === 0
      ? []
      : [
          '## Services outside the cluster',
          [
            '| service | called at | what nodes hear |',
            '|---|---|---|',
            ...report.services.map(serviceRow),
          ].join('\n'),
        ]),
    ...(summary === undefined ? [] : [`Next: \`${summary.next}\``]),
  ];
  return `${sections.join('\n\n')}\n`;
};
