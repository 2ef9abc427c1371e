import { didYouMean } from '../../core/did-you-mean.js';
import type { DroverError } from '../../core/error.js';
import { sentence } from '../../core/text.js';
import type { HostsFile, TableField } from '../schema/hosts.js';
import type { SourceText } from '../source/text.js';
import type { Cell, Row } from './cells.js';
import { fieldOf, KNOWN_HEADERS, normalise } from './columns.js';

export interface Header {
  /** Column of each field that the table has. */
  readonly fields: Partial<Record<TableField, number>>;
  readonly names: readonly string[];
  readonly errors: readonly DroverError[];
  readonly warnings: readonly DroverError[];
}

type Options = Pick<HostsFile, 'columns' | 'keep' | 'where'>;

const has = (names: readonly string[], name: string): boolean =>
  names.some((other) => normalise(other) === normalise(name));

const unknownColumn = (source: SourceText, cell: Cell): DroverError => {
  const near = didYouMean(cell.text, KNOWN_HEADERS);
  return {
    code: 'table-column-unknown',
    message: `the column ${cell.text} has no meaning for Drover`,
    location: source.locate(cell.start, cell.end),
    state: 'its values are kept as they are',
    hint: near === undefined ? 'name it under hosts.keep to silence this' : `did you mean ${near}?`,
  };
};

const duplicateColumn = (source: SourceText, cell: Cell, first: string): DroverError => ({
  code: 'table-column-twice',
  message: `two columns mean the same: ${first} and ${cell.text}`,
  location: source.locate(cell.start, cell.end),
  hint: 'remove one, or say which one counts under hosts.columns',
});

const missingColumn = (
  source: SourceText,
  row: Row,
  what: string,
  names: readonly string[],
): DroverError => ({
  code: 'table-column-missing',
  message: `no column holds ${what}`,
  location: source.locate(row.cells[0]?.start ?? row.start, row.cells.at(-1)?.end),
  cause: `the header has ${sentence(names, 12)}`,
  hint: `name the column ${what === 'the hosts’ names' ? 'HOSTNAME' : 'IP_PRIVEE or PRIVATE_IP'}, or say which one it is under hosts.columns`,
});

/** The field that a column stands for. Explicit `columns` of the spec win over recognised headers. */
const claim = (name: string, columns: Options['columns']): TableField | undefined => {
  const explicit = Object.entries(columns).find(([, header]) => normalise(header) === normalise(name));
  if (explicit !== undefined) return explicit[0] as TableField;
  const recognised = fieldOf(name);
  return recognised !== undefined && columns[recognised] !== undefined ? undefined : recognised;
};

const missing = (
  source: SourceText,
  row: Row,
  fields: Header['fields'],
  names: readonly string[],
): DroverError[] => [
  ...(fields.name === undefined ? [missingColumn(source, row, 'the hosts’ names', names)] : []),
  ...(fields.address === undefined && fields.publicAddress === undefined
    ? [missingColumn(source, row, 'the hosts’ addresses', names)]
    : []),
];

/** Finds what each column means. */
export const readHeader = (source: SourceText, row: Row, options: Options): Header => {
  const names = row.cells.map(({ text }) => text.replace(/^#\s*/, ''));
  const expected = [...options.keep, ...Object.keys(options.where), ''];
  const fields: Partial<Record<TableField, number>> = {};
  const errors: DroverError[] = [];
  const warnings: DroverError[] = [];
  for (const [index, cell] of row.cells.entries()) {
    const name = names[index] ?? '';
    const field = claim(name, options.columns);
    const first = field === undefined ? undefined : fields[field];
    if (first !== undefined) errors.push(duplicateColumn(source, cell, names[first] ?? ''));
    else if (field !== undefined) fields[field] = index;
    else if (fieldOf(name) === undefined && !has(expected, name))
      warnings.push(unknownColumn(source, { ...cell, text: name }));
  }
  return { fields, names, errors: [...errors, ...missing(source, row, fields, names)], warnings };
};
