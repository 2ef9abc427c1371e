import { isDeepStrictEqual } from 'node:util';
import type {
  KubeFailure,
  KubeObject,
  KubeRef,
  KubeResource,
  WatchEvent,
} from '../../../../src/core/ports/kube.js';
import { err, ok, type Result } from '../../../../src/core/result.js';
import { groupVersion, kindsOfDefinition } from './kinds.js';
import { managedFieldsOf, type Owners } from './owners.js';

export const failure = (
  kind: KubeFailure['kind'],
  status: number,
  message: string,
  causes: KubeFailure['causes'] = [],
): KubeFailure => ({ kind, status, message, causes });

/** Place of an object: `apps/deployments/shop/web`. */
export const placeOf = ({ resource, namespace, name }: KubeRef): string =>
  [resource.group, resource.plural, namespace ?? '', name].join('/');

interface Kept {
  readonly object: KubeObject;
  readonly owners: Owners;
}

export type Listener = (plural: string, event: WatchEvent) => void;

/** What an API server keeps: objects with UIDs, versions and owners of fields; kinds that definitions make. */
export interface Store {
  readonly kinds: KubeResource[];
  readonly get: (ref: KubeRef) => KubeObject | undefined;
  readonly ownersOf: (ref: KubeRef) => Owners;
  readonly all: (resource: KubeRef['resource'], namespace?: string) => readonly KubeObject[];
  /** Writes, or only says what would be written. */
  readonly write: (ref: KubeRef, object: KubeObject, owners: Owners, dryRun: boolean) => KubeObject;
  readonly remove: (ref: KubeRef) => void;
  readonly refOf: (object: KubeObject) => Result<KubeRef, KubeFailure>;
  readonly version: () => string;
  readonly listeners: Set<Listener>;
}

const content = ({ metadata, ...rest }: KubeObject): object => {
  const { managedFields, resourceVersion, generation, uid, creationTimestamp, ...own } = metadata;
  return { ...rest, metadata: own };
};

export const newStore = (name: string, builtIn: readonly KubeResource[]): Store => {
  const kept = new Map<string, Kept>();
  const kinds = [...builtIn];
  const listeners = new Set<Listener>();
  let version = 100;
  let made = 0;

  const tell = (plural: string, event: WatchEvent): void => {
    for (const listener of listeners) listener(plural, event);
  };
  const next = (ref: KubeRef, object: KubeObject, owners: Owners): KubeObject => {
    const before = kept.get(placeOf(ref))?.object;
    const generation = Number(before?.metadata['generation'] ?? 0);
    const same = before !== undefined && isDeepStrictEqual(before['spec'], object['spec']);
    const { managedFields, ...metadata } = object.metadata;
    return structuredClone({
      ...object,
      metadata: {
        ...metadata,
        uid: before?.metadata.uid ?? metadata.uid ?? `${name}-${made + 1}`,
        creationTimestamp: before?.metadata['creationTimestamp'] ?? '2026-01-01T00:00:00Z',
        generation: same ? generation : generation + 1,
        managedFields: managedFieldsOf(owners, object.apiVersion),
        resourceVersion: before?.metadata.resourceVersion ?? '',
      },
    });
  };

  return {
    kinds,
    listeners,
    version: () => String(version),
    get: (ref) => structuredClone(kept.get(placeOf(ref))?.object),
    ownersOf: (ref) => kept.get(placeOf(ref))?.owners ?? new Map<string, ReadonlySet<string>>(),
    all: (resource, namespace) =>
      [...kept]
        .filter(([place]) =>
          place.startsWith(
            `${resource.group}/${resource.plural}/${namespace === undefined ? '' : `${namespace}/`}`,
          ),
        )
        .map(([, { object }]) => structuredClone(object)),
    write: (ref, object, owners, dryRun) => {
      const before = kept.get(placeOf(ref))?.object;
      const written = next(ref, object, owners);
      if (dryRun) return written;
      if (before !== undefined && isDeepStrictEqual(content(before), content(written))) {
        kept.set(placeOf(ref), { object: before, owners });
        return structuredClone(before);
      }
      version += 1;
      made += before === undefined ? 1 : 0;
      const stored: KubeObject = {
        ...written,
        metadata: { ...written.metadata, resourceVersion: String(version) },
      };
      kept.set(placeOf(ref), { object: stored, owners });
      for (const kind of kindsOfDefinition(stored))
        if (!kinds.some((known) => isDeepStrictEqual(known, kind))) kinds.push(kind);
      tell(ref.resource.plural, {
        type: before === undefined ? 'ADDED' : 'MODIFIED',
        object: structuredClone(stored),
      });
      return structuredClone(stored);
    },
    remove: (ref) => {
      const gone = kept.get(placeOf(ref))?.object;
      if (gone === undefined) return;
      version += 1;
      kept.delete(placeOf(ref));
      const dropped = kindsOfDefinition(gone);
      for (const kind of dropped) {
        const at = kinds.findIndex((known) => isDeepStrictEqual(known, kind));
        if (at >= 0) kinds.splice(at, 1);
        for (const place of [...kept.keys()])
          if (place.startsWith(`${kind.group}/${kind.plural}/`)) kept.delete(place);
      }
      if (gone.kind === 'Namespace')
        for (const place of [...kept.keys()])
          if (place.split('/')[2] === gone.metadata.name) kept.delete(place);
      tell(ref.resource.plural, { type: 'DELETED', object: gone });
    },
    refOf: (object) => {
      const { group, version: served } = groupVersion(object.apiVersion);
      const resource = kinds.find(
        (each) => each.group === group && each.version === served && each.kind === object.kind,
      );
      if (resource === undefined)
        return err(failure('not-found', 404, 'the server could not find the requested resource'));
      const { namespace } = object.metadata;
      return ok({
        resource,
        name: object.metadata.name,
        ...(resource.namespaced ? { namespace: namespace ?? 'default' } : {}),
      });
    },
  };
};
