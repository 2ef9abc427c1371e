import type { KubeRef, ListOptions, WriteOptions } from '../core/ports/kube.js';

const root = ({ group, version }: KubeRef['resource']): string =>
  group === '' ? `/api/${version}` : `/apis/${group}/${version}`;

/** Path of a collection, or of one object when a name is given. */
export const resourcePath = (resource: KubeRef['resource'], namespace?: string, name?: string): string =>
  [
    root(resource),
    ...(namespace === undefined ? [] : ['namespaces', encodeURIComponent(namespace)]),
    resource.plural,
    ...(name === undefined ? [] : [encodeURIComponent(name)]),
  ].join('/');

export const refPath = (ref: KubeRef): string => resourcePath(ref.resource, ref.namespace, ref.name);

/** Query string of the given members; undefined members vanish. */
export const query = (members: Readonly<Record<string, string | number | boolean | undefined>>): string => {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(members)) if (value !== undefined) search.set(key, String(value));
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
};

export const writeQuery = (options: WriteOptions): string =>
  query({
    dryRun: options.dryRun === true ? 'All' : undefined,
    fieldManager: options.fieldManager,
    force: options.force,
    fieldValidation: options.fieldValidation,
  });

export const listMembers = (options: ListOptions): Record<string, string | undefined> => ({
  labelSelector: options.labelSelector,
  fieldSelector: options.fieldSelector,
});
