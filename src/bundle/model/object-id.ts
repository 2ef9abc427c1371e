import type { KubeObject } from '../../core/ports/kube.js';

/** An object as people name it; versions do not matter. */
export interface ObjectId {
  readonly group: string;
  readonly kind: string;
  /** Absent for objects of the whole cluster. */
  readonly namespace?: string;
  readonly name: string;
}

export const groupOf = (apiVersion: string): string =>
  apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';

export const idOf = ({ apiVersion, kind, metadata }: KubeObject): ObjectId => ({
  group: groupOf(apiVersion),
  kind,
  ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
  name: metadata.name,
});

/** `Deployment.apps`, `Secret`: unique over all groups. */
export const kindName = ({ group, kind }: Pick<ObjectId, 'group' | 'kind'>): string =>
  group === '' ? kind : `${kind}.${group}`;

/** `shop/Deployment.apps/web`, `Namespace/shop`: key of an object in graphs, journals and reports. */
export const idText = (id: ObjectId): string =>
  [...(id.namespace === undefined ? [] : [id.namespace]), kindName(id), id.name].join('/');
