import { width } from './layout.js';
import type { PairMatrix, PairState } from './pair-matrix.js';
import { escapeMarkup as x } from './xml.js';

const CELL = 26;
/** Average width of a character of the labels, in pixels. */
const LETTER = 7;
const GAP = 8;

const MARKS: Readonly<Record<PairState, string>> = { pass: '✓', large: '◐', fail: '✗', unknown: '?' };

/** Colour and form both carry the meaning; a touch shows what was seen. */
const cell = (
  { from, to }: PairMatrix,
  at: { readonly from: number; readonly to: number; readonly left: number; readonly top: number },
  { state, detail }: PairMatrix['rows'][number][number],
): string => {
  const [left, top] = [at.left + at.to * CELL, at.top + at.from * CELL];
  const tip = `${from[at.from] ?? ''} → ${to[at.to] ?? ''}: ${detail}`;
  return `<g class="pair ${state}"><title>${x(tip)}</title><rect x="${left + 1}" y="${top + 1}" width="${CELL - 2}" height="${CELL - 2}" rx="4"/><text x="${left + CELL / 2}" y="${top + CELL / 2}" class="mark">${MARKS[state]}</text></g>`;
};

const rowLabels = (names: readonly string[], left: number, top: number): string =>
  names
    .map((name, at) => {
      const y = top + at * CELL + CELL / 2;
      return `<text x="${left - GAP}" y="${y}" class="label end">${x(name)}</text>`;
    })
    .join('');

const columnLabels = (names: readonly string[], left: number, top: number): string =>
  names
    .map((name, at) => {
      const [middle, y] = [left + at * CELL + CELL / 2, top - GAP];
      return `<text x="${middle}" y="${y}" class="label" transform="rotate(-90 ${middle} ${y})">${x(name)}</text>`;
    })
    .join('');

const room = (names: readonly string[]): number => Math.max(...names.map(width)) * LETTER + GAP * 2;

/** A matrix as an inline picture. */
export const pairSvg = (matrix: PairMatrix): string => {
  const { title, from, to, rows } = matrix;
  const [left, top] = [room(from), room(to)];
  const [wide, high] = [left + to.length * CELL + 2, top + from.length * CELL + 2];
  const cells = rows.map((row, at) =>
    row.map((each, column) => cell(matrix, { from: at, to: column, left, top }, each)).join(''),
  );
  const passed = rows.flat().filter(({ state }) => state === 'pass').length;
  const told = `${title}: ${passed} of ${from.length * to.length} pairs pass`;
  return `<figure class="pairs"><figcaption><b>${x(title)}</b> <small>${passed} of ${from.length * to.length}</small></figcaption><svg role="img" aria-label="${x(told)}" viewBox="0 0 ${wide} ${high}" width="${wide}" height="${high}">${rowLabels(from, left, top)}${columnLabels(to, left, top)}${cells.join('')}</svg></figure>`;
};
