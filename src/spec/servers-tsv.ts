import type { DroverError } from '../core/error.js';
import { sentence } from '../core/text.js';
import type { ClusterHost } from './cluster.js';
import { duplicateAddresses, duplicateNames } from './duplicates.js';
import type { HostsFile } from './schema/hosts.js';
import { type SourceText, sourceText } from './source/text.js';
import { type Row, readCells } from './table/cells.js';
import { fieldOf, normalise } from './table/columns.js';
import { type Header, readHeader } from './table/header.js';
import { readRow } from './table/row.js';

/** A table of hosts after reading. Hosts whose rows have errors are missing. */
export interface HostTable {
  readonly hosts: readonly ClusterHost[];
  readonly errors: readonly DroverError[];
  readonly warnings: readonly DroverError[];
  /** Headers as written. */
  readonly columns: readonly string[];
}

export type TableOptions = Omit<HostsFile, 'file'>;

export const DEFAULT_TABLE: TableOptions = { where: { ROLE: 'k3s' }, columns: {}, keep: [] };

const isComment = (row: Row): boolean => row.cells[0]?.text.startsWith('#') ?? false;

/** People comment headers too: `# HOSTNAME …` is one when it names a host and an address. */
const isHeader = (row: Row): boolean => {
  const fields = row.cells.map(({ text }) => fieldOf(text.replace(/^#\s*/, '')));
  return fields.includes('name') && (fields.includes('address') || fields.includes('publicAddress'));
};

const whereErrors = (source: SourceText, row: Row, header: Header, options: TableOptions): DroverError[] =>
  Object.keys(options.where)
    .filter((column) => !header.names.some((name) => normalise(name) === normalise(column)))
    .map((column) => ({
      code: 'table-where',
      message: `hosts.where asks for the column ${column}, which the table does not have`,
      location: source.locate(row.cells[0]?.start ?? row.start, row.cells.at(-1)?.end),
      cause: `the header has ${sentence(header.names, 16)}`,
      hint: 'name a column of the header under hosts.where',
    }));

const nobody = (source: SourceText, row: Row, options: TableOptions): DroverError => ({
  code: 'table-no-member',
  message: 'no row becomes a host of the cluster',
  location: source.locate(row.cells[0]?.start ?? row.start, row.cells.at(-1)?.end),
  cause: `hosts.where asks for ${sentence(Object.entries(options.where).map(([column, value]) => `${column} = ${[value].flat().join(' or ')}`))}`,
  hint: 'correct hosts.where or the table',
});

const empty = (source: SourceText): HostTable => ({
  hosts: [],
  warnings: [],
  columns: [],
  errors: [
    {
      code: 'table-empty',
      message: 'the table of hosts is empty',
      location: source.locate(0),
      hint: 'start it with a header such as HOSTNAME, IP_PRIVEE, ROLE, SUBROLE',
    },
  ],
});

/**
 * Reads a table of hosts such as servers.tsv: columns by their headers, tab, semicolon or comma between cells,
 * `#` comments, quotes, any line ends. All problems are reported with their places; no input makes it throw.
 */
export const readServersTsv = (
  file: string,
  text: string,
  options: TableOptions = DEFAULT_TABLE,
): HostTable => {
  const source = sourceText(file, text);
  const { rows, errors: quoteErrors } = readCells(source);
  const start = rows.findIndex((row) => !isComment(row) || isHeader(row));
  const first = rows[start];
  if (first === undefined) return empty(source);
  const header = readHeader(source, first, options);
  const before = [...quoteErrors, ...header.errors, ...whereErrors(source, first, header, options)];
  if (header.errors.length > 0)
    return { hosts: [], errors: before, warnings: header.warnings, columns: header.names };
  const results = rows
    .slice(start + 1)
    .filter((row) => !isComment(row))
    .map((row) => readRow({ source, header, where: options.where }, row));
  const hosts = results.flatMap(({ host }) => (host === undefined ? [] : [host]));
  const keys = (field: 'name' | 'address') => results.flatMap((result) => result.keys[field] ?? []);
  const errors = [
    ...before,
    ...results.flatMap((result) => result.errors),
    ...duplicateNames(keys('name')).map((problem) => ({ code: 'duplicate-host-name', ...problem })),
    ...duplicateAddresses(keys('address')).map((problem) => ({ code: 'duplicate-host-address', ...problem })),
  ];
  const lonely = errors.length === 0 && hosts.every(({ role }) => role === 'external');
  return {
    hosts,
    errors: lonely ? [nobody(source, first, options)] : errors,
    warnings: [...header.warnings, ...results.flatMap(({ warnings }) => warnings)],
    columns: header.names,
  };
};
