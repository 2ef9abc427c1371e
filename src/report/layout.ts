import { stripVTControlCharacters } from 'node:util';

/** Columns that text takes on a terminal, escape sequences aside. */
export const width = (text: string): number => Array.from(stripVTControlCharacters(text)).length;

export const pad = (text: string, columns: number): string =>
  text + ' '.repeat(Math.max(0, columns - width(text)));

/** Cuts text to a number of columns; for live lines, which must not wrap. Expects text without escape sequences. */
export const clip = (text: string, columns: number): string =>
  width(text) <= columns
    ? text
    : `${Array.from(text)
        .slice(0, Math.max(0, columns - 1))
        .join('')}…`;

/** Breaks text at spaces so that no line is wider than `columns`, unless one word is. */
export const wrap = (text: string, columns: number): readonly string[] =>
  text.split('\n').flatMap((paragraph) => {
    const lines: string[] = [];
    let line = '';
    for (const word of paragraph.split(/ +/)) {
      if (line !== '' && width(line) + 1 + width(word) > columns) {
        lines.push(line);
        line = word;
      } else {
        line = line === '' ? word : `${line} ${word}`;
      }
    }
    return [...lines, line];
  });

/** Wraps text after a label; following lines are indented to the label's width. */
export const hang = (label: string, text: string, columns: number): readonly string[] => {
  const indent = width(label);
  return wrap(text, Math.max(20, columns - indent)).map((line, index) =>
    `${index === 0 ? label : ' '.repeat(indent)}${line}`.trimEnd(),
  );
};

/** How old or how quick: saved facts say when they were measured, fresh ones how long that took. */
export const measuredText = ({
  durationMs,
  measuredAt,
}: {
  readonly durationMs: number;
  readonly measuredAt?: string;
}): string =>
  measuredAt === undefined
    ? `measured in ${duration(durationMs)}`
    : `measured on ${measuredAt.slice(0, 16).replace('T', ' ')} UTC`;

/** `0.8 s`, `12 s`, `2m10s`. */
export const duration = (ms: number): string => {
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`;
  if (ms < 60_000) return `${Math.round(ms / 1000)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)}m${String(seconds % 60).padStart(2, '0')}s`;
};
