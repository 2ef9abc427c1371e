import { digest } from '../core/canonical.js';
import type { DroverError, DroverErrors } from '../core/error.js';
import type { Clock } from '../core/ports/clock.js';
import type { Files } from '../core/ports/files.js';
import { err, ok, type Result } from '../core/result.js';
import { absolutePaths } from './absolute-paths.js';
import { type Accepted, checkRules, type Verdicts } from './check-rules.js';
import type { Cluster, ClusterHost } from './cluster.js';
import { type CheckedDocument, checkDocument } from './document.js';
import { type HostList, readHosts } from './host-list.js';
import { type OriginOf, originFinder } from './origin.js';
import { parsePath } from './path.js';
import type { RuleTools } from './rule.js';
import type { ClusterSpec, SectionName } from './schema/cluster.js';
import type { Environment } from './source/environment.js';
import { sourceText } from './source/text.js';
import { parseYaml, type YamlSource } from './source/yaml.js';
import { readSpecFile, type SpecFile } from './spec-file.js';

export interface LoadRequest {
  /** Path of the spec, absolute or relative to `cwd`; errors name it as it is given. */
  readonly file: string;
  readonly cwd: string;
  readonly files: Files;
  /** For the day on which exceptions and versions end. */
  readonly clock: Pick<Clock, 'now'>;
  /** Variables that `metadata.environment` may name. */
  readonly env: Environment;
}

/** A loaded spec, with where each value comes from and what its owner accepted. */
export interface LoadedCluster extends Cluster {
  readonly originOf: OriginOf;
  readonly accepted: readonly Accepted[];
}

/** Warnings come along whether the spec is accepted or refused. */
export type LoadOutcome = Result<LoadedCluster, DroverErrors> & { readonly warnings: readonly DroverError[] };

const inFileOrder = (errors: readonly DroverError[]): readonly DroverError[] => {
  const files = [...new Set(errors.map(({ location }) => location?.file))];
  const rank = ({ location }: DroverError) =>
    files.indexOf(location?.file) * 1e9 + (location?.line ?? 0) * 1e4 + (location?.column ?? 0);
  return errors.toSorted((a, b) => rank(a) - rank(b));
};

const toolsOf = (yaml: YamlSource, hosts: readonly ClusterHost[], now: number): RuleTools => ({
  at: yaml.locate,
  host: (host, field) => {
    const cell = field === undefined ? undefined : host.cells?.[field];
    if (cell !== undefined) return cell;
    if (host.cells !== undefined && host.location !== undefined) return host.location;
    return yaml.locate(['spec', 'hosts', hosts.indexOf(host), field ?? 'name']);
  },
  today: new Date(now).toISOString().slice(0, 10),
});

interface Checked {
  readonly document: CheckedDocument;
  readonly list: HostList;
  readonly verdicts: Verdicts;
}

const check = async (yaml: YamlSource, file: SpecFile, request: LoadRequest): Promise<Checked> => {
  const document = checkDocument(yaml);
  const { hosts: section, ...others } = document.sections;
  const none: HostList = { hosts: [], errors: [], warnings: [] };
  const list =
    section === undefined ? none : await readHosts(section, yaml, { ...request, beside: file.beside });
  const valid = new Set<SectionName>(document.valid);
  if (list.errors.length > 0) valid.delete('hosts');
  const tools = toolsOf(yaml, list.hosts, request.clock.now());
  return { document, list, verdicts: checkRules({ view: { ...others, hosts: list.hosts }, valid, tools }) };
};

/** The part of the effective spec that its hash covers: no places, no paths of one machine. */
const hashOf = (name: string, spec: Omit<ClusterSpec, 'hosts'>, hosts: readonly ClusterHost[]): string =>
  digest({ name, spec, hosts: hosts.map(({ location: _, cells: __, ...host }) => host) });

const clusterOf = (
  yaml: YamlSource,
  file: SpecFile,
  { document, list, verdicts }: Checked,
): LoadedCluster => {
  const { hosts: _, ...spec } = document.sections as ClusterSpec;
  const name = document.name ?? '';
  const absolute = absolutePaths(spec, list.hosts, (path) => file.beside(path).absolute);
  const originOf = originFinder(yaml, list.hosts);
  return {
    name,
    ...absolute,
    hash: hashOf(name, spec, list.hosts),
    file: file.absolute,
    locate: (text) => {
      const path = parsePath(text);
      const origin = originOf(path);
      return origin.kind === 'default' ? yaml.locate(path) : origin.location;
    },
    originOf,
    accepted: verdicts.accepted,
  };
};

/**
 * Reads a spec and its table of hosts, checks everything and reports all problems at once, each with file, line,
 * column and the line itself. Touches the disk through `files` alone.
 */
export const loadCluster = async (request: LoadRequest): Promise<LoadOutcome> => {
  const file = await readSpecFile(request.file, request.cwd, request.files);
  if (!file.ok) return { ...err([file.error]), warnings: [] };
  const yaml = parseYaml(sourceText(file.value.shown, file.value.text), request.env);
  const checked = await check(yaml, file.value, request);
  const { document, list, verdicts } = checked;
  const warnings = inFileOrder([...list.warnings, ...verdicts.warnings]);
  const [first, ...rest] = inFileOrder([...document.errors, ...list.errors, ...verdicts.errors]);
  if (first !== undefined) return { ...err([first, ...rest]), warnings };
  return { ...ok(clusterOf(yaml, file.value, checked)), warnings };
};
