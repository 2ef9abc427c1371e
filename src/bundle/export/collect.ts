import type { KubeObject } from '../../core/ports/kube.js';
import { clean } from '../clean/clean.js';
import { provenanceOf } from '../clean/provenance.js';
import { isSystemNamespace } from '../leave-out/namespaces.js';
import { madeByOwner, ownersOf, withOwners } from '../leave-out/owners.js';
import { leftOutBecause } from '../leave-out/rules.js';
import { idOf, idText } from '../model/object-id.js';
import type { LeftOut, RemovedField } from '../model/report.js';
import { neededOf } from './scope.js';

/** An object that moves along, cleaned. */
export interface Carried {
  readonly object: KubeObject;
  readonly uid: string;
  readonly removed: readonly RemovedField[];
}

export interface CollectOptions {
  /** Empty = every namespace that is not the system's. */
  readonly namespaces: readonly string[];
  readonly nodePorts: 'own' | 'all';
  readonly targetIsK3s: boolean;
  /** Gets every object that moves along, in no order. */
  readonly carry: (carried: Carried) => Promise<void>;
}

/** Decides about objects as they arrive. */
export interface Collector {
  readonly take: (object: KubeObject) => Promise<void>;
  /** Decides about what had to wait for the others. */
  readonly finish: () => Promise<void>;
  readonly leftOut: readonly LeftOut[];
  /** {@link idText} of everything that the source has. */
  readonly seen: ReadonlySet<string>;
}

/** Namespace that decides whether an object is asked for; a Namespace counts as its own. */
const namespaceOf = ({ kind, apiVersion, metadata }: KubeObject): string | undefined =>
  kind === 'Namespace' && apiVersion === 'v1' ? metadata.name : metadata.namespace;

const outside = (object: KubeObject, namespaces: readonly string[]): string | undefined => {
  const namespace = namespaceOf(object);
  if (namespace === undefined) return undefined;
  if (namespaces.length > 0)
    return namespaces.includes(namespace) ? undefined : 'its namespace was not asked for';
  return isSystemNamespace(namespace) ? 'its namespace belongs to the cluster' : undefined;
};

/**
 * Judges and cleans objects one by one, so that a cluster of any size passes through little memory. Only objects
 * with owners wait: whether an owner moves along is known at the end.
 */
export const collector = (options: CollectOptions): Collector => {
  const leftOut: LeftOut[] = [];
  const seen = new Set<string>();
  const uids = new Set<string>();
  const carriedUids = new Set<string>();
  const owned: KubeObject[] = [];
  // Only filled when single namespaces are carried: what the whole cluster has, and what may need it.
  const pool: KubeObject[] = [];
  const inNamespaces: KubeObject[] = [];
  const some = options.namespaces.length > 0;

  const carry = async (original: KubeObject): Promise<void> => {
    const { object, removed } = clean(original, options);
    await options.carry({ object, uid: original.metadata.uid ?? '', removed });
  };

  const judge = (object: KubeObject): string | undefined => {
    const context = { provenance: provenanceOf(object), targetIsK3s: options.targetIsK3s };
    const owner = madeByOwner(object);
    if (owner !== undefined) return `${owner.kind} ${owner.name} makes it again`;
    return leftOutBecause(object, context);
  };

  return {
    leftOut,
    seen,
    take: async (object) => {
      const { uid = '' } = object.metadata;
      // Some objects are served by several groups: they are one object all the same.
      if (uids.has(uid)) return;
      if (uid !== '') uids.add(uid);
      const id = idText(idOf(object));
      seen.add(id);
      const reason = outside(object, options.namespaces) ?? judge(object);
      if (reason !== undefined) {
        leftOut.push({ object: id, reason });
        return;
      }
      if (some && namespaceOf(object) === undefined) {
        pool.push(object);
        return;
      }
      if (some) inNamespaces.push(object);
      carriedUids.add(uid);
      if (ownersOf(object).length > 0) owned.push(object);
      else await carry(object);
    },
    finish: async () => {
      const needed = neededOf(pool, inNamespaces, options.namespaces);
      for (const { metadata } of needed) carriedUids.add(metadata.uid ?? '');
      const chosen = new Set(needed);
      for (const object of pool)
        if (!chosen.has(object))
          leftOut.push({ object: idText(idOf(object)), reason: 'nothing in the namespaces needs it' });
      for (const object of [...needed, ...owned]) await carry(withOwners(object, carriedUids));
    },
  };
};
