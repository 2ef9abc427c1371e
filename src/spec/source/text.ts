import type { SourceLocation } from '../../core/error.js';
import { printable } from '../../core/text.js';
import { maskLine } from './mask.js';

/** A text file of the user and the places in it. */
export interface SourceText {
  /** As errors name it: relative to where the user stands. */
  readonly file: string;
  readonly text: string;
  /** Location of the characters from `start` up to `end`, cut at the end of the first line. */
  readonly locate: (start: number, end?: number) => SourceLocation;
}

/** Removes a byte order mark, which editors hide and columns must not count. */
const withoutMark = (text: string): string => text.replace(/^\uFEFF/, '');

const lineStartsOf = (text: string): readonly number[] => {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
};

/** Index of the last start that is not after the offset. */
const lineOf = (starts: readonly number[], offset: number): number => {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
};

export const sourceText = (file: string, content: string): SourceText => {
  const text = withoutMark(content);
  const starts = lineStartsOf(text);
  const locate = (start: number, end = start + 1): SourceLocation => {
    const offset = Math.max(0, Math.min(start, text.length));
    const line = lineOf(starts, offset);
    const from = starts[line] ?? 0;
    const raw = text.slice(from, (starts[line + 1] ?? text.length + 1) - 1).replace(/\r$/, '');
    const column = Math.min(offset - from, raw.length);
    const length = Math.max(1, Math.min(end - offset, raw.length - column));
    return { file, line: line + 1, column: column + 1, length, text: printable(maskLine(raw)) };
  };
  return { file, text, locate };
};
