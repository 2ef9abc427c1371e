import type { Verdict } from '../core/events/verdict.js';
import { pad, width, wrap } from './layout.js';
import { paint, type Style, symbol } from './style.js';
import { VERDICT_WORDS, verdictMtu, verdictReasons } from './verdict-words.js';

const GAP = '  ';

const verdictCell = (style: Style, { status }: Verdict): string => {
  const { text, mark, tone } = VERDICT_WORDS[status];
  return paint(style, tone, `${symbol(style, mark)} ${text}`);
};

/** The reasons of one option, numbered when there are several, wrapped to the last column. */
const reasonLines = (verdict: Verdict, columns: number): readonly string[] => {
  const reasons = verdictReasons(verdict);
  return reasons.flatMap((reason, index) => {
    const label = reasons.length > 1 ? `${index + 1}. ` : '';
    return wrap(reason, columns - label.length).map(
      (line, at) => (at === 0 ? label : ' '.repeat(label.length)) + line,
    );
  });
};

/** Which cluster networks can work on the measured hosts, with the reason and the MTU to set. */
export const verdictTable = (style: Style, verdicts: readonly Verdict[]): string => {
  const head = ['', 'network', 'verdict', 'MTU', 'why'];
  const cells = verdicts.map((verdict) => [
    verdict.asked ? paint(style, 'strong', symbol(style, 'asked')) : ' ',
    paint(style, verdict.asked ? 'strong' : 'dim', verdict.title),
    verdictCell(style, verdict),
    String(verdictMtu(verdict) ?? symbol(style, 'dash')),
  ]);
  const columns = [0, 1, 2, 3].map((column) =>
    Math.max(...[head, ...cells].map((row) => width(row[column] ?? ''))),
  );
  const left = (row: readonly string[]): string =>
    columns.map((size, at) => pad(row[at] ?? '', size)).join(GAP);
  const indent = columns.reduce((sum, size) => sum + size + GAP.length, 0);
  const room = Math.max(24, style.columns - indent);
  const lines = verdicts.flatMap((verdict, index) => {
    const [first = '', ...rest] = reasonLines(verdict, room);
    return [`${left(cells[index] ?? [])}${GAP}${first}`, ...rest.map((line) => ' '.repeat(indent) + line)];
  });
  const asked = verdicts.some((verdict) => verdict.asked);
  return [
    paint(style, 'dim', `${left(head)}${GAP}${head[4] ?? ''}`),
    ...lines,
    ...(asked ? [paint(style, 'dim', `${symbol(style, 'asked')} what the spec asks for`)] : []),
  ]
    .map((line) => line.trimEnd())
    .join('\n');
};
