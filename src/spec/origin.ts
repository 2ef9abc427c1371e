import type { SourceLocation } from '../core/error.js';
import type { ClusterHost } from './cluster.js';
import type { Path } from './path.js';
import type { YamlSource } from './source/yaml.js';

/** Where an effective value comes from. */
export type Origin =
  | { readonly kind: 'file'; readonly location: SourceLocation }
  | { readonly kind: 'environment'; readonly names: readonly string[]; readonly location: SourceLocation }
  | { readonly kind: 'table'; readonly location: SourceLocation }
  | { readonly kind: 'default' };

/** Finds where the value at a path of the effective spec comes from. */
export type OriginOf = (path: Path) => Origin;

/** Columns that a field of a host is read from, most important first. */
const COLUMNS: Readonly<Record<string, readonly string[]>> = {
  role: ['subrole', 'stack', 'role'],
  purpose: ['purpose', 'notes'],
  labels: ['purpose', 'notes'],
  ssh: ['user', 'port'],
};

const tableOrigin = (host: ClusterHost, [field, column]: Path): Origin => {
  const name = String(field);
  if (name === 'taints' || (name === 'labels' && host.purpose === undefined)) return { kind: 'default' };
  const cells = name === 'extra' ? [`extra:${String(column)}`] : (COLUMNS[name] ?? [name]);
  const location =
    cells.map((cell) => host.cells?.[cell]).find((cell) => cell !== undefined) ?? host.location;
  return location === undefined ? { kind: 'default' } : { kind: 'table', location };
};

export const originFinder =
  (yaml: YamlSource, hosts: readonly ClusterHost[]): OriginOf =>
  (path) => {
    const host = path[0] === 'spec' && path[1] === 'hosts' ? hosts[Number(path[2])] : undefined;
    if (host?.cells !== undefined) return tableOrigin(host, path.slice(3));
    if (!yaml.has(path)) return { kind: 'default' };
    const names = yaml.variables(path);
    const location = yaml.locate(path);
    return names.length > 0 ? { kind: 'environment', names, location } : { kind: 'file', location };
  };

/** `drover.yaml:12:7`, `default`, `$NAME`. */
export const originText = (origin: Origin): string => {
  if (origin.kind === 'default') return 'default';
  const { file, line, column } = origin.location;
  const place = `${file}:${line}:${column}`;
  return origin.kind === 'environment'
    ? `${place} ${origin.names.map((name) => `$${name}`).join(' ')}`
    : place;
};
