import { idText, kindName, type ObjectId } from '../model/object-id.js';
import type { BundleFinding } from '../model/report.js';
import type { Reference } from './reference.js';

/** What is known about a whole export when its references are judged. */
export interface Known {
  /** {@link idText} of all objects in the bundle. */
  readonly carried: ReadonlySet<string>;
  /** Of all objects that the source has, carried or not. */
  readonly seen: ReadonlySet<string>;
  /** Kinds that were looked at; nothing is said about others. */
  readonly kinds: ReadonlySet<string>;
}

/** Every cluster has these, or makes them by itself. */
export const isGiven = ({ kind, name }: ObjectId): boolean =>
  (kind === 'ServiceAccount' && name === 'default') ||
  (kind === 'ConfigMap' && name === 'kube-root-ca.crt') ||
  (kind === 'Namespace' && ['default', 'kube-system', 'kube-public'].includes(name)) ||
  (kind === 'PriorityClass' && name.startsWith('system-')) ||
  (kind === 'ClusterRole' &&
    (name.startsWith('system:') || ['cluster-admin', 'admin', 'edit', 'view'].includes(name)));

const judge = (from: string, { to, path, optional }: Reference, known: Known): BundleFinding | undefined => {
  const text = idText(to);
  if (optional || isGiven(to) || known.carried.has(text) || !known.kinds.has(kindName(to))) return undefined;
  return known.seen.has(text)
    ? {
        code: 'bundle-reference-left-out',
        severity: 'warning',
        object: from,
        message: `${path} names ${text}, which is not carried: the target must have it`,
      }
    : {
        code: 'bundle-reference-missing',
        severity: 'error',
        object: from,
        message: `${path} names ${text}, which nothing provides`,
      };
};

/** References that lead to nothing, each once. */
export const missingReferences = (
  references: ReadonlyMap<string, readonly Reference[]>,
  known: Known,
): readonly BundleFinding[] =>
  [...references].flatMap(([from, all]) => {
    const told = new Set<string>();
    return all.flatMap((reference) => {
      const finding = judge(from, reference, known);
      const target = idText(reference.to);
      if (finding === undefined || told.has(target)) return [];
      told.add(target);
      return [finding];
    });
  });
