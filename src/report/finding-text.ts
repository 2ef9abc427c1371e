import type { Evidence, Finding } from '../core/events/finding.js';
import type { FindingNode } from './finding-tree.js';
import { hang } from './layout.js';
import { paint, type Style, severityMark, symbol } from './style.js';

export interface FindingOptions {
  /** Show every piece of evidence instead of the first three. */
  readonly full: boolean;
}

const SHOWN = 3;

const evidenceLine = ({ host, text }: Evidence): string => (host === undefined ? text : `${host}: ${text}`);

const evidenceLines = (style: Style, finding: Finding, { full }: FindingOptions): readonly string[] => {
  const shown =
    full || finding.evidence.length <= SHOWN + 1 ? finding.evidence : finding.evidence.slice(0, SHOWN);
  const left = finding.evidence.length - shown.length;
  const more =
    left === 0 ? [] : [paint(style, 'dim', `${symbol(style, 'more')} ${left} more (-v shows all)`)];
  return [...shown.map(evidenceLine), ...more];
};

const block = (style: Style, label: string, texts: readonly string[]): readonly string[] =>
  texts.flatMap((text, index) =>
    hang(`  ${paint(style, 'dim', (index === 0 ? label : '').padEnd(7))} `, text, style.columns),
  );

/** A symptom under its cause takes one line: knowing the cause is what helps. */
const explained = (style: Style, node: FindingNode): readonly string[] => [
  ...hang(
    `  ${paint(style, 'dim', symbol(style, 'child'))} ${severityMark(style, node.finding.severity)} `,
    `${node.finding.title} ${paint(style, 'dim', `[${node.finding.code}]`)}`,
    style.columns,
  ),
  ...node.explains.flatMap((child) => explained(style, child)),
];

/** One finding with its proof, cause, fix, and what it explains. */
export const findingText = (style: Style, node: FindingNode, options: FindingOptions): string => {
  const { finding } = node;
  return [
    ...hang(
      `${severityMark(style, finding.severity)} `,
      `${paint(style, 'strong', finding.title)} ${paint(style, 'dim', `[${finding.code}]`)}`,
      style.columns,
    ),
    ...block(style, 'seen', evidenceLines(style, finding, options)),
    ...block(style, 'cause', [finding.cause]),
    ...block(style, 'fix', [finding.fix.text]),
    ...node.explains.flatMap((child) => explained(style, child)),
  ].join('\n');
};
