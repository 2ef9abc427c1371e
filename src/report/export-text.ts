import type { Exported } from '../bundle/export/export.js';
import { REPORT_FILES } from '../bundle/model/bundle-index.js';
import type { BundleFinding } from '../bundle/model/report.js';
import { count } from '../core/text.js';
import { hang } from './layout.js';
import { paint, type Style, severityMark, symbol } from './style.js';

const SHOWN = 12;

/** Findings of a bundle or of a migration's plan, the worst first; informational ones are only counted. */
export const bundleFindingLines = (style: Style, findings: readonly BundleFinding[]): readonly string[] => {
  const told = findings.filter(({ severity }) => severity !== 'info');
  const lines = told.slice(0, SHOWN).flatMap(({ severity, object, message }) => {
    const [first = '', ...rest] = hang(
      '    ',
      `${object === undefined ? '' : `${object}: `}${message}`,
      style.columns,
    );
    return [`  ${severityMark(style, severity)} ${first.trimStart()}`, ...rest];
  });
  return told.length > SHOWN ? [...lines, `  ${symbol(style, 'more')} ${told.length - SHOWN} more`] : lines;
};

/** What an export did: how much is carried, what was left out, what a person should look at. */
export const exportText = (style: Style, exported: Exported, folder: string): string => {
  const { index, leftOut, removed, findings, keptKey } = exported;
  const sealed = index.entries.reduce((sum, entry) => sum + entry.sealed, 0);
  return [
    paint(style, 'good', `${symbol(style, 'good')} ${count(index.entries.length, 'object')} in ${folder}`),
    `  ${count(sealed, 'value')} of Secrets sealed${keptKey ? '; unchanged ones as before' : ''}`,
    `  ${count(removed, 'field')} taken out: ${REPORT_FILES.objects} says which and why`,
    `  ${count(leftOut, 'object')} left out: ${REPORT_FILES.leftOut}`,
    `  documentation: ${REPORT_FILES.document}; digest ${index.digest.slice(0, 16)}`,
    ...bundleFindingLines(style, findings),
    '',
  ].join('\n');
};
