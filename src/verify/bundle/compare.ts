import { mapOf } from '../../bundle/clean/draft.js';
import { provenanceOf } from '../../bundle/clean/provenance.js';
import { madeByOwner } from '../../bundle/leave-out/owners.js';
import { leftOutBecause } from '../../bundle/leave-out/rules.js';
import type { CarriedObject } from '../../bundle/model/carried-object.js';
import { idOf, idText, kindName } from '../../bundle/model/object-id.js';
import type { KubeObject } from '../../core/ports/kube.js';
import { formatPath } from '../../spec/path.js';
import type { MigrationSpec } from '../../spec/schema/migration.js';
import { type Change, changesBetween } from './changes.js';
import type { IgnoredDifference, ObjectDifference } from './comparison.js';
import { liveObject, withData, withOwnerKeys } from './live-object.js';
import { isThereAfterAll, type Tolerance, toleratedBecause } from './tolerate.js';

export interface CompareInput {
  /** What the bundle says, after the transforms. */
  readonly expected: readonly CarriedObject[];
  /** What the target has: everything of the carried kinds in the carried namespaces. */
  readonly found: readonly KubeObject[];
  readonly nodePorts: 'own' | 'all';
  readonly targetIsK3s: boolean;
  readonly restore: MigrationSpec['restore'] | undefined;
}

export interface Compared {
  readonly differences: readonly ObjectDifference[];
  readonly ignored: readonly IgnoredDifference[];
}

const LONGEST = 120;
/** What is shown of equal text before the place where two texts part. */
const LEAD = 20;

/** Where two texts part; 0 when only one of them is a text. */
const parting = (a: unknown, b: unknown): number => {
  if (typeof a !== 'string' || typeof b !== 'string') return 0;
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  return at;
};

/** A value as JSON; of a long one the part in which it differs from the other. */
const shown = (value: unknown, other: unknown): string => {
  const text = JSON.stringify(value);
  if (text.length <= LONGEST) return text;
  const from = Math.max(0, parting(text, JSON.stringify(other)) - LEAD);
  const to = from + LONGEST;
  return `${from > 0 ? '…' : ''}${text.slice(from, to)}${to < text.length ? '…' : ''}`;
};

/** Of a Secret nothing but the place is told, whatever differs. */
const differenceOf = (key: string, { kind }: KubeObject, change: Change): ObjectDifference => ({
  object: key,
  problem: change.problem,
  field: formatPath(change.path),
  ...(kind === 'Secret' || change.expected === undefined
    ? {}
    : { bundle: shown(change.expected, change.found) }),
  ...(kind === 'Secret' || change.found === undefined
    ? {}
    : { target: shown(change.found, change.expected) }),
});

/** Which autoscaler sets the replicas of which object, by key. */
const autoscalers = (objects: readonly KubeObject[]): ReadonlyMap<string, string> =>
  new Map(
    objects
      .filter(({ kind }) => kind === 'HorizontalPodAutoscaler')
      .map(({ metadata, spec }) => {
        const { apiVersion, kind, name } = mapOf(mapOf(spec)['scaleTargetRef']);
        const target = { name: String(name), namespace: metadata.namespace ?? '' };
        return [
          idText(idOf({ apiVersion: String(apiVersion), kind: String(kind), metadata: target })),
          metadata.name,
        ];
      }),
  );

/** Why an object that the bundle does not have is none of its business; undefined = somebody else made it. */
const asideBecause = (
  object: KubeObject,
  input: CompareInput,
  ownNamespaces: ReadonlySet<string>,
): string | undefined => {
  const { namespace } = object.metadata;
  if (namespace === undefined) return 'it belongs to the whole of the target';
  if (!ownNamespaces.has(namespace)) return 'its namespace is the target’s own';
  const owner = madeByOwner(object);
  if (owner !== undefined) return `${owner.kind} ${owner.name} made it`;
  const provenance = provenanceOf(object);
  const reason = leftOutBecause(object, { provenance, targetIsK3s: input.targetIsK3s });
  if (reason !== undefined) return reason;
  return provenance.onlyControllers === undefined ? undefined : `${provenance.onlyControllers} made it`;
};

const compareOne = (
  { key, object }: CarriedObject,
  tolerance: Tolerance & {
    readonly expectedOwner: (uid: string) => string | undefined;
    readonly foundOwner: (uid: string) => string | undefined;
  },
): Compared => {
  const expected = withOwnerKeys(withData(object), tolerance.expectedOwner);
  const found = withOwnerKeys(tolerance.live.object, tolerance.foundOwner);
  const ignored: IgnoredDifference[] = [];
  const differences: ObjectDifference[] = [];
  for (const change of changesBetween(expected, found)) {
    if (isThereAfterAll(change, tolerance)) continue;
    const reason = toleratedBecause(change, tolerance);
    if (reason === undefined) differences.push(differenceOf(key, object, change));
    else ignored.push({ object: key, field: formatPath(change.path), reason });
  }
  return { differences, ignored };
};

/** Objects of the target that the bundle does not have. */
const extras = (input: CompareInput): Compared => {
  const known = new Set(input.expected.map(({ key }) => key));
  const ownNamespaces = new Set(
    input.expected
      .filter(({ object }) => kindName(idOf(object)) === 'Namespace')
      .map(({ object }) => object.metadata.name),
  );
  const differences: ObjectDifference[] = [];
  const ignored: IgnoredDifference[] = [];
  for (const object of input.found) {
    const key = idText(idOf(object));
    if (known.has(key)) continue;
    const reason = asideBecause(object, input, ownNamespaces);
    if (reason === undefined) differences.push({ object: key, problem: 'object-added' });
    else ignored.push({ object: key, reason });
  }
  return { differences, ignored };
};

/**
 * Compares what a bundle says with what a target has, object by object and field by field. Pure. The API's own
 * additions are told apart by the managers of each field.
 */
export const compareWithBundle = (input: CompareInput): Compared => {
  const { expected, found, nodePorts, restore } = input;
  const live = new Map(found.map((object) => [idText(idOf(object)), object]));
  const foundOwners = new Map([...live].map(([key, { metadata }]) => [metadata.uid ?? '', key]));
  const expectedOwners = new Map(expected.map(({ uid, key }) => [uid ?? '', key]));
  const scalers = autoscalers([...expected.map(({ object }) => object), ...found]);
  const compared = expected.map((carried): Compared => {
    const there = live.get(carried.key);
    if (there === undefined)
      return { differences: [{ object: carried.key, problem: 'object-missing' }], ignored: [] };
    return compareOne(carried, {
      live: liveObject(there, nodePorts),
      restore,
      scaledBy: scalers.get(carried.key),
      expectedOwner: (uid) => expectedOwners.get(uid),
      foundOwner: (uid) => foundOwners.get(uid),
    });
  });
  const all = [...compared, extras(input)];
  return {
    differences: all.flatMap(({ differences }) => differences),
    ignored: all.flatMap(({ ignored }) => ignored),
  };
};
