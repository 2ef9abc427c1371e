import { Document, isCollection, isMap, isScalar, isSeq } from 'yaml';
import type { Cluster } from './cluster.js';
import type { LoadedCluster } from './load-cluster.js';
import { originText } from './origin.js';
import type { Path } from './path.js';
import { looksSecret } from './source/mask.js';

const HIDDEN = '(hidden)';

/** Literal values of variables that look secret are not shown. */
const withoutSecrets = (spec: Cluster['spec']): Cluster['spec'] => ({
  ...spec,
  applications: spec.applications.map((application) => ({
    ...application,
    env: Object.fromEntries(
      Object.entries(application.env).map(([name, value]) => [
        name,
        looksSecret(name) && typeof value === 'string' ? HIDDEN : value,
      ]),
    ),
  })),
});

const plainHosts = ({ hosts }: Cluster): readonly object[] =>
  hosts.map(({ location: _, cells: __, extra, ...host }) =>
    Object.keys(extra).length > 0 ? { ...host, extra } : host,
  );

/** The spec as Drover understands it: defaults filled in, hosts read from their table. */
export const effectiveSpec = (cluster: LoadedCluster): Readonly<Record<string, unknown>> => {
  const { hosts, ...rest } = { hosts: plainHosts(cluster), ...withoutSecrets(cluster.spec) };
  const { ssh, ...sections } = rest;
  return {
    apiVersion: 'drover/v1',
    kind: 'Cluster',
    metadata: { name: cluster.name },
    spec: JSON.parse(JSON.stringify({ ssh, hosts, ...sections })) as unknown,
  };
};

/** The library writes the comment of an empty collection on a line of its own; one line reads better. */
const EMPTY_COLLECTION = /(:)\n +(\{\}|\[\])\n +(# .*)/g;

type Annotate = (path: Path) => string;

/** Writes a comment behind every value that has no values below it. */
const annotate = (node: unknown, path: Path, comment: Annotate): void => {
  if (isMap(node) && node.items.length > 0)
    for (const { key, value } of node.items)
      annotate(value, [...path, String(isScalar(key) ? key.value : key)], comment);
  else if (isSeq(node) && node.items.length > 0)
    for (const [index, item] of node.items.entries()) annotate(item, [...path, index], comment);
  else if (isScalar(node) || isCollection(node)) node.comment = ` ${comment(path)}`;
};

/** The effective spec as YAML; with `origins`, each value says where it comes from. */
export const effectiveYaml = (cluster: LoadedCluster, origins: boolean): string => {
  const document = new Document(effectiveSpec(cluster), { aliasDuplicateObjects: false });
  if (origins) annotate(document.contents, [], (path) => originText(cluster.originOf(path)));
  const text = document.toString({ lineWidth: 0 });
  return text.replace(EMPTY_COLLECTION, '$1 $2 $3');
};

/** One effective value with where it comes from, for `-o json --show-origin`. */
export interface EffectiveValue {
  readonly path: Path;
  readonly value: unknown;
  readonly origin: string;
}

const leaves = (value: unknown, path: Path): readonly { readonly path: Path; readonly value: unknown }[] => {
  if (value === null || typeof value !== 'object' || Object.keys(value).length === 0)
    return [{ path, value }];
  return Object.entries(value).flatMap(([key, child]) =>
    leaves(child, [...path, Array.isArray(value) ? Number(key) : key]),
  );
};

export const effectiveValues = (cluster: LoadedCluster): readonly EffectiveValue[] =>
  leaves(effectiveSpec(cluster), []).map(({ path, value }) => ({
    path,
    value,
    origin: originText(cluster.originOf(path)),
  }));
