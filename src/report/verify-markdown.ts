import { type CheckGroup, checkGroups, isApplicable, outcomeOf, unmanagedOf } from './check-groups.js';
import { findingTree } from './finding-tree.js';
import { duration } from './layout.js';
import { findingSection, escapeMarkdown as md } from './markdown.js';
import { type PairMatrix, type PairState, pairMatrices } from './pair-matrix.js';
import type { ReportState } from './report-state.js';
import { urlMatrix } from './url-matrix.js';
import { amountOf, verdictOf } from './verify-verdict.js';

const SHOWN = 20;
const MARKS: Readonly<Record<PairState, string>> = { pass: '✓', large: '◐', fail: '✗', unknown: '?' };

const groupRow = (group: CheckGroup): string => {
  const { title, results, failed } = group;
  if (!isApplicable(group)) return `| – | ${md(title)} | does not apply |`;
  return `| ${failed.length === 0 ? '✓' : '✗'} | ${md(title)} | ${results.length - failed.length} of ${results.length} |`;
};

const failures = ({ title, failed }: CheckGroup): readonly string[] => {
  if (failed.length === 0) return [];
  const items = failed.slice(0, SHOWN).map((result) => `- ${md(outcomeOf(result))}`);
  const left = failed.length - items.length;
  return [`### ✗ ${md(title)}`, [...items, ...(left > 0 ? [`- and ${left} more`] : [])].join('\n')];
};

const matrixTable = ({ title, from, to, rows }: PairMatrix): readonly string[] => [
  `### ${title}`,
  [
    `| from \\\\ to | ${to.map(md).join(' | ')} |`,
    `|---|${to.map(() => '---|').join('')}`,
    ...rows.map(
      (row, at) => `| ${md(from[at] ?? '')} | ${row.map(({ state }) => MARKS[state]).join(' | ')} |`,
    ),
  ].join('\n'),
];

const headOf = ({ verify }: ReportState): string => {
  if (verify === undefined) return 'The verification did not finish.';
  const { passed, failed, notManaged, notApplicable, durationMs } = verify;
  return `${failed === 0 ? '✓' : '✗'} **${md(verify.bundle === undefined ? verify.cluster : verdictOf(verify))}**: ${amountOf(verify, passed)} passed, ${failed} failed, ${notManaged} not managed, ${notApplicable} not applicable, in ${duration(durationMs)}.`;
};

/** The verification as Markdown: for pull requests, tickets and step summaries. */
export const verifyMarkdown = (report: ReportState): string => {
  const { checks, diagnostics, findings, verify } = report;
  const groups = checkGroups(checks);
  const errors = diagnostics.map(
    ({ severity, error }) => `- ${severity} \`${error.code}\`: ${md(error.message)}`,
  );
  const unmanaged = unmanagedOf(checks).map(({ title, detail }) => `- ${md(title)}: ${md(detail)}`);
  const sections = [
    '# Drover verify',
    headOf(report),
    ...(errors.length === 0 ? [] : [errors.join('\n')]),
    ...(groups.length === 0
      ? []
      : [['| | check | passed |', '|---|---|---|', ...groups.map(groupRow)].join('\n')]),
    ...groups.flatMap(failures),
    ...(findings.length === 0
      ? []
      : ['## What the doctor found', ...findingTree(findings).map(findingSection)]),
    ...(checks.length === 0 || verify?.bundle !== undefined
      ? []
      : ['## Who reaches whom', ...[...pairMatrices(checks), ...urlMatrix(checks)].flatMap(matrixTable)]),
    ...(unmanaged.length === 0 ? [] : ['## Not managed by this version', unmanaged.join('\n')]),
    ...(verify === undefined ? [] : [`Next: \`${verify.next}\``]),
  ];
  return `${sections.join('\n\n')}\n`;
};
