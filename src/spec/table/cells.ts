import type { DroverError } from '../../core/error.js';
import type { SourceText } from '../source/text.js';

/** One cell with the place of its text. */
export interface Cell {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export interface Row {
  readonly cells: readonly Cell[];
  readonly start: number;
}

export interface Cells {
  readonly rows: readonly Row[];
  readonly separator: string;
  readonly errors: readonly DroverError[];
}

const SEPARATORS = ['\t', ';', ','] as const;

/** The separator that the first line with content, comments last, uses most; a tab wins over the others. */
const detectSeparator = (text: string): string => {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const first = lines.find((line) => !line.trimStart().startsWith('#')) ?? lines[0] ?? '';
  const bare = first.replace(/"[^"]*"/g, '');
  const counted = SEPARATORS.map((separator) => ({ separator, times: bare.split(separator).length - 1 }));
  if ((counted[0]?.times ?? 0) > 0) return '\t';
  return counted.reduce((best, next) => (next.times > best.times ? next : best)).separator;
};

interface Scan {
  readonly source: SourceText;
  readonly separator: string;
  readonly errors: DroverError[];
  at: number;
}

const isLineEnd = (text: string, at: number): boolean =>
  text[at] === '\n' || (text[at] === '\r' && (text[at + 1] === '\n' || at + 1 === text.length));

const endsCell = ({ source, separator }: Scan, at: number): boolean =>
  at >= source.text.length || source.text[at] === separator || isLineEnd(source.text, at);

const trimmed = (text: string, start: number, end: number): Cell => {
  const raw = text.slice(start, end);
  const from = start + (raw.length - raw.trimStart().length);
  const cell = raw.trim();
  return { text: cell, start: from, end: Math.max(from, from + cell.length) };
};

const plainCell = (scan: Scan): Cell => {
  const start = scan.at;
  while (!endsCell(scan, scan.at)) scan.at += 1;
  return trimmed(scan.source.text, start, scan.at);
};

const skipSpaces = (scan: Scan): void => {
  while (!endsCell(scan, scan.at) && /\s/.test(scan.source.text[scan.at] ?? '')) scan.at += 1;
};

const fail = (
  scan: Scan,
  { start, end }: Pick<Cell, 'start' | 'end'>,
  rest: Pick<DroverError, 'message' | 'hint'>,
): void => {
  scan.errors.push({ code: 'table-quotes', location: scan.source.locate(start, end), ...rest });
};

/** A cell in quotes; a doubled quote stands for one. */
const quotedCell = (scan: Scan): Cell => {
  const { text } = scan.source;
  const start = scan.at;
  let value = '';
  let at = start + 1;
  for (let close = text.indexOf('"', at); ; close = text.indexOf('"', at)) {
    if (close < 0 || text.slice(at, close).includes('\n')) {
      fail(
        scan,
        { start, end: start + 1 },
        {
          message: 'a quoted cell does not end on its line',
          hint: 'close the quote, or double it inside a cell',
        },
      );
      return plainCell(scan);
    }
    value += text.slice(at, close);
    at = close + 1;
    if (text[at] !== '"') break;
    value += '"';
    at += 1;
  }
  scan.at = at;
  skipSpaces(scan);
  if (!endsCell(scan, scan.at)) {
    const rest = plainCell(scan);
    fail(scan, rest, { message: 'text follows a closing quote', hint: 'put the whole cell into the quotes' });
  }
  return { text: value.trim(), start, end: at };
};

const readRow = (scan: Scan): Row => {
  const start = scan.at;
  const cells: Cell[] = [];
  for (;;) {
    skipSpaces(scan);
    cells.push(scan.source.text[scan.at] === '"' ? quotedCell(scan) : plainCell(scan));
    if (scan.source.text[scan.at] !== scan.separator) break;
    scan.at += 1;
  }
  scan.at += scan.source.text.startsWith('\r\n', scan.at) ? 2 : 1;
  return { cells, start };
};

/** Cuts a table into cells. Blank lines vanish; no text makes it throw. */
export const readCells = (source: SourceText): Cells => {
  const separator = detectSeparator(source.text);
  const scan: Scan = { source, separator, errors: [], at: 0 };
  const rows: Row[] = [];
  while (scan.at < source.text.length) {
    const before = scan.errors.length;
    const row = readRow(scan);
    if (row.cells[0]?.text.startsWith('#') === true) scan.errors.length = before;
    if (row.cells.some(({ text }) => text !== '')) rows.push(row);
  }
  return { rows, separator, errors: scan.errors };
};
