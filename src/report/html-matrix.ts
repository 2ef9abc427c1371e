import type { Matrix } from '../core/events/matrix.js';
import { CELL_WORDS } from './cell-words.js';
import { escapeMarkup as x } from './xml.js';

/** Beyond this many hosts a table of cells helps nobody: only the pairs that fail are told. */
const DRAWN_HOSTS = 40;

interface CellView {
  readonly text: string;
  readonly tone: string;
  readonly title: string;
}

const letterCell = (letter: string): CellView => {
  const { text, tone } = CELL_WORDS[letter] ?? { text: letter, tone: 'none' };
  return {
    text: letter === '.' ? '' : letter === '+' ? '✓' : letter === '-' ? '✗' : letter,
    tone,
    title: text,
  };
};

const valueCell = (matrix: Matrix, from: number, to: number): CellView => {
  if (matrix.values === undefined || from === to) return { text: '', tone: 'none', title: 'the host itself' };
  const { usual, except, unit } = matrix.values;
  const value = except.find(([a, b]) => a === from && b === to)?.[2] ?? usual;
  if (value === -1) return { text: '?', tone: 'none', title: 'not measured' };
  return {
    text: String(value),
    tone: value === usual || unit !== 'bytes' ? 'good' : 'warning',
    title: `${value} ${unit}`,
  };
};

const cellOf = (matrix: Matrix, from: number, to: number): CellView =>
  matrix.values === undefined ? letterCell(matrix.rows[from]?.[to] ?? '?') : valueCell(matrix, from, to);

const row = (matrix: Matrix, host: string, from: number): string => {
  const cells = matrix.hosts.map((receiver, to) => {
    const { text, tone, title } = cellOf(matrix, from, to);
    const tip = from === to ? host : `${host} → ${receiver}: ${title}`;
    return `<td class="cell ${tone}" title="${x(tip)}">${x(text)}</td>`;
  });
  return `<tr><th scope="row">${x(host)}</th>${cells.join('')}</tr>`;
};

const failing = (matrix: Matrix): string => {
  const pairs = matrix.hosts.flatMap((sender, from) =>
    matrix.hosts
      .map((receiver, to) => ({ sender, receiver, ...cellOf(matrix, from, to) }))
      .filter(({ tone }) => tone === 'error' || tone === 'warning'),
  );
  if (pairs.length === 0) return '<p>Every pair passes.</p>';
  const items = pairs
    .slice(0, 100)
    .map(({ sender, receiver, title }) => `<li>${x(sender)} → ${x(receiver)}: ${x(title)}</li>`);
  const left = pairs.length - items.length;
  return `<ul>${items.join('')}</ul>${left > 0 ? `<p>and ${left} more pairs</p>` : ''}`;
};

const isClean = (matrix: Matrix): boolean =>
  matrix.hosts.every((_, from) =>
    matrix.hosts.every((__, to) => !['error', 'warning'].includes(cellOf(matrix, from, to).tone)),
  );

/** One probe as a table of senders (rows) and receivers (columns); clean ones are folded away. */
export const matrixFigure = (matrix: Matrix): string => {
  const body =
    matrix.hosts.length > DRAWN_HOSTS
      ? failing(matrix)
      : `<table class="matrix"><thead><tr><th scope="col">from \\ to</th>${matrix.hosts
          .map((host) => `<th scope="col"><span>${x(host)}</span></th>`)
          .join(
            '',
          )}</tr></thead><tbody>${matrix.hosts.map((host, at) => row(matrix, host, at)).join('')}</tbody></table>`;
  const clean = isClean(matrix);
  return `<details class="figure"${clean ? '' : ' open'}><summary><span class="mark ${clean ? 'good' : 'error'}" aria-hidden="true">${clean ? '✓' : '✗'}</span> ${x(matrix.title)}${matrix.control ? ' (control)' : ''} <small>${x(matrix.network)}</small></summary>${body}</details>`;
};
