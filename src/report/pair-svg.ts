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
  { nodes }: PairMatrix,
  at: { readonly from: number; readonly to: number; readonly left: number; readonly top: number },
  { state, detail }: PairMatrix['rows'][number][number],
): string => {
  const [left, top] = [at.left + at.to * CELL, at.top + at.from * CELL];
  const tip = `${nodes[at.from] ?? ''} → ${nodes[at.to] ?? ''}: ${detail}`;
  return `<g class="pair ${state}"><title>${x(tip)}</title><rect x="${left + 1}" y="${top + 1}" width="${CELL - 2}" height="${CELL - 2}" rx="4"/><text x="${left + CELL / 2}" y="${top + CELL / 2}" class="mark">${MARKS[state]}</text></g>`;
};

const labels = ({ nodes }: PairMatrix, left: number, top: number): string =>
  nodes
    .map((node, index) => {
      const middle = index * CELL + CELL / 2;
      const row = `<text x="${left - GAP}" y="${top + middle}" class="label end">${x(node)}</text>`;
      const [columnX, columnY] = [left + middle, top - GAP];
      return `${row}<text x="${columnX}" y="${columnY}" class="label" transform="rotate(-90 ${columnX} ${columnY})">${x(node)}</text>`;
    })
    .join('');

/** A matrix as an inline picture: senders are rows, receivers columns. */
export const pairSvg = (matrix: PairMatrix): string => {
  const label = Math.max(...matrix.nodes.map(width)) * LETTER + GAP * 2;
  const size = label + matrix.nodes.length * CELL + 2;
  const cells = matrix.rows.map((row, from) =>
    row.map((each, to) => cell(matrix, { from, to, left: label, top: label }, each)).join(''),
  );
  const passed = matrix.rows.flat().filter(({ state }) => state === 'pass').length;
  const told = `${matrix.title}: ${passed} of ${matrix.nodes.length ** 2} pairs pass`;
  return `<figure class="pairs"><figcaption><b>${x(matrix.title)}</b> <small>${passed} of ${matrix.nodes.length ** 2}</small></figcaption><svg role="img" aria-label="${x(told)}" viewBox="0 0 ${size} ${size}" width="${size}" height="${size}">${labels(matrix, label, label)}${cells.join('')}</svg></figure>`;
};
