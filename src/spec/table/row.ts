import { parseAddress } from '../../core/cidr.js';
import type { DroverError, SourceLocation } from '../../core/error.js';
import type { ClusterHost } from '../cluster.js';
import { nameSchema } from '../schema/common.js';
import type { HostRole, HostsFile, TableField } from '../schema/hosts.js';
import type { SourceText } from '../source/text.js';
import type { Cell, Row } from './cells.js';
import { normalise } from './columns.js';
import type { Header } from './header.js';
import { purposeOfNotes, slug } from './purpose.js';
import { roleOf } from './roles.js';

export interface RowContext {
  readonly source: SourceText;
  readonly header: Header;
  readonly where: HostsFile['where'];
}

interface TableKey {
  readonly text: string;
  readonly location: SourceLocation;
}

export interface RowResult {
  readonly host?: ClusterHost;
  /** What must be unique in the table, also of rows that have errors. */
  readonly keys: { readonly name: TableKey | undefined; readonly address: TableKey | undefined };
  readonly errors: readonly DroverError[];
  readonly warnings: readonly DroverError[];
}

const EMPTY = new Set(['', '-', '--', 'n/a', 'na', 'none', 'null', 'aucun', 'aucune', '/']);

/** A row being read: access to its cells by meaning, and the problems found so far. */
interface Reader {
  readonly cell: (field: TableField) => Cell | undefined;
  readonly text: (field: TableField) => string | undefined;
  readonly fail: (code: string, cell: Cell, rest: Omit<DroverError, 'code' | 'location'>) => void;
  readonly errors: DroverError[];
}

const readerOf = ({ source, header }: RowContext, row: Row): Reader => {
  const errors: DroverError[] = [];
  const cell = (field: TableField): Cell | undefined => {
    const index = header.fields[field];
    return index === undefined ? undefined : row.cells[index];
  };
  const text = (field: TableField): string | undefined => {
    const value = cell(field)?.text;
    return value === undefined || EMPTY.has(value.toLowerCase()) ? undefined : value;
  };
  const fail: Reader['fail'] = (code, at, rest) =>
    errors.push({ code, location: source.locate(at.start, at.end), ...rest });
  return { cell, text, fail, errors };
};

const matches = ({ header, where }: RowContext, row: Row): boolean =>
  Object.entries(where).every(([column, wanted]) => {
    const index = header.names.findIndex((name) => normalise(name) === normalise(column));
    const value = normalise(row.cells[index]?.text ?? '');
    return [wanted].flat().some((one) => normalise(one) === value);
  });

const readAddress = (reader: Reader, field: 'address' | 'publicAddress'): string | undefined => {
  const text = reader.text(field);
  const cell = reader.cell(field);
  if (text === undefined || cell === undefined) return undefined;
  if (parseAddress(text) !== undefined) return text;
  const bare = text.split('/')[0] ?? '';
  const hint =
    parseAddress(bare) === undefined
      ? 'write an address such as 10.0.0.110'
      : `write ${bare}, without the mask`;
  reader.fail('table-address', cell, { message: 'this is no IP address', hint });
  return undefined;
};

const readName = (reader: Reader, row: Row): string | undefined => {
  const text = reader.text('name');
  const cell = reader.cell('name') ?? row.cells[0];
  if (cell === undefined) return undefined;
  if (text === undefined) {
    reader.fail('table-name', cell, {
      message: 'this row has no host name',
      hint: 'name the host, or make the line a comment with #',
    });
    return undefined;
  }
  const name = text.toLowerCase();
  if (nameSchema.safeParse(name).success) return name;
  const short = slug(name.split('.')[0] ?? '');
  reader.fail('table-name', cell, {
    message: 'this is no host name',
    cause: 'a host name has lower-case letters, digits and dashes, at most 63 (RFC 1123)',
    ...(short === undefined ? {} : { hint: `write ${short}` }),
  });
  return undefined;
};

const SOURCES = ['subrole', 'stack', 'role'] as const;

/** What a member does: SUBROLE decides, else DOCKER_STACK, else ROLE; two that disagree are an error. */
const readRole = (reader: Reader, row: Row): HostRole | undefined => {
  const said = SOURCES.map((field) => ({ field, role: roleOf(reader.text(field) ?? '') })).filter(
    (one) => one.role !== undefined,
  );
  const [first, ...others] = said;
  const other = others.find(({ role }) => role !== first?.role);
  const at = reader.cell(other?.field ?? 'subrole') ?? reader.cell('role') ?? row.cells[0];
  if (at !== undefined && other !== undefined)
    reader.fail('table-role', at, {
      message: 'two columns disagree about the role of this host',
      cause: `one says ${first?.role ?? ''}, the other ${other.role ?? ''}`,
      hint: 'make them agree: master and k3s-control-plane, or worker and k3s-node',
    });
  else if (at !== undefined && first === undefined)
    reader.fail('table-role', at, {
      message: 'it is not said whether this host is a server or an agent',
      hint: 'write master or worker as SUBROLE, or k3s-control-plane or k3s-node as DOCKER_STACK',
    });
  return other === undefined ? first?.role : undefined;
};

const readPort = (reader: Reader): number | undefined => {
  const text = reader.text('port');
  const cell = reader.cell('port');
  if (text === undefined || cell === undefined) return undefined;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port >= 1 && port <= 65535) return port;
  reader.fail('table-port', cell, { message: 'this is no port', hint: 'write a number from 1 to 65535' });
  return undefined;
};

const extraOf = ({ header }: RowContext, row: Row): Record<string, string> => {
  const used = [header.fields.name, header.fields.address, header.fields.publicAddress];
  return Object.fromEntries(
    header.names
      .map((name, index) => [name, used.includes(index) ? '' : (row.cells[index]?.text ?? '')] as const)
      .filter(([name, value]) => name !== '' && value !== ''),
  );
};

const overflow = ({ source, header }: RowContext, row: Row): readonly DroverError[] => {
  const beyond = row.cells.slice(header.names.length).filter(({ text }) => text !== '');
  const [first] = beyond;
  if (first === undefined) return [];
  return [
    {
      code: 'table-cells',
      message: `this row has more cells than the header has columns (${row.cells.length}, ${header.names.length})`,
      location: source.locate(first.start, first.end),
      hint: 'put a cell that holds the separator into quotes',
    },
  ];
};

/** Places of all cells: by field, and by `extra:HEADER`. */
const locationsOf = (context: RowContext, row: Row): Record<string, SourceLocation> => {
  const { header, source } = context;
  const places = [
    ...Object.entries(header.fields),
    ...header.names.map((name, index) => [`extra:${name}`, index] as const),
  ];
  return Object.fromEntries(
    places
      .map(([field, index]) => [field, row.cells[index]] as const)
      .filter((entry): entry is readonly [string, Cell] => entry[1] !== undefined)
      .map(([field, cell]) => [field, source.locate(cell.start, cell.end)]),
  );
};

const sshOf = (user: string | undefined, port: number | undefined): Pick<ClusterHost, 'ssh'> =>
  user === undefined && port === undefined
    ? {}
    : { ssh: { ...(user === undefined ? {} : { user }), ...(port === undefined ? {} : { port }) } };

const purposeOf = (reader: Reader, role: HostRole): Pick<ClusterHost, 'purpose'> => {
  if (role === 'external') return {};
  const purpose = slug(reader.text('purpose') ?? '') ?? purposeOfNotes(reader.text('notes') ?? '');
  return purpose === undefined ? {} : { purpose };
};

/** A name or address of a row with its place, whatever else is wrong with the row. */
const keyOf = (
  { source }: RowContext,
  text: string | undefined,
  cell: Cell | undefined,
): TableKey | undefined =>
  text === undefined || cell === undefined
    ? undefined
    : { text, location: source.locate(cell.start, cell.end) };

const publicOf = (wan: string | undefined, address: string): Pick<ClusterHost, 'publicAddress'> =>
  wan === undefined || wan === address ? {} : { publicAddress: wan };

/** Reads one row. An external host without any address is left out with a warning: nothing could reach it. */
export const readRow = (context: RowContext, row: Row): RowResult => {
  const reader = readerOf(context, row);
  const name = readName(reader, row);
  const lan = readAddress(reader, 'address');
  const wan = readAddress(reader, 'publicAddress');
  const role = matches(context, row) ? readRole(reader, row) : 'external';
  const ssh = sshOf(reader.text('user'), readPort(reader));
  const location = context.source.locate(row.cells[0]?.start ?? row.start, row.cells.at(-1)?.end);
  const empty = reader.text('address') === undefined && reader.text('publicAddress') === undefined;
  const lost: DroverError = {
    code: 'table-no-address',
    message: `${name ?? 'this host'} has no address`,
    location,
  };
  if (empty && role !== 'external')
    reader.errors.push({ ...lost, hint: 'fill in IP_PRIVEE, or IP_PUBLIQUE' });
  const errors = [...reader.errors, ...overflow(context, row)];
  const address = lan ?? wan;
  const keys = {
    name: keyOf(context, name, reader.cell('name')),
    address: keyOf(context, lan, reader.cell('address')),
  };
  if (errors.length > 0 || name === undefined || role === undefined) return { keys, errors, warnings: [] };
  if (address === undefined) return { keys, errors, warnings: [{ ...lost, state: 'the host is left out' }] };
  const host: ClusterHost = {
    name,
    address,
    ...publicOf(wan, address),
    role,
    ...purposeOf(reader, role),
    labels: {},
    taints: [],
    ...ssh,
    extra: extraOf(context, row),
    location,
    cells: locationsOf(context, row),
  };
  return { host, keys, errors: [], warnings: [] };
};
