import type { KubeObject } from '../../core/ports/kube.js';
import type { Transform } from '../../spec/schema/transforms.js';
import type { CarriedObject } from '../model/carried-object.js';
import { idOf, idText } from '../model/object-id.js';
import type { BundleFinding } from '../model/report.js';
import { referencesOf } from '../references/find.js';
import { transformContext, transformObject, transformTitle, unmatchedFindings } from '../transform/apply.js';

/** An object as the source had it, secrets opened. */
export interface SourceObject {
  readonly object: KubeObject;
  /** UID in the source; absent for Secrets that the spec makes from outside. */
  readonly uid?: string;
}

export interface CarryInput {
  readonly objects: readonly SourceObject[];
  /** Secrets that the spec makes; they stand as they are, in place of what the bundle has under their names. */
  readonly inputs: readonly KubeObject[];
  readonly transforms: readonly Transform[];
  /** Come after those of the spec; nothing is said when they match nothing. */
  readonly defaults: readonly Transform[];
}

/** A transform with what it changed. */
export interface UsedTransform {
  readonly transform: Transform;
  readonly title: string;
  readonly objects: number;
  /** It comes from a change of the distribution, not from the spec. */
  readonly byDefault: boolean;
}

export interface Carried {
  /** Each key once, sorted by key. */
  readonly objects: readonly CarriedObject[];
  readonly transforms: readonly UsedTransform[];
  /** Keys of objects that a transform changed. */
  readonly changed: ReadonlySet<string>;
  readonly findings: readonly BundleFinding[];
}

/** An object as the target will have it. */
export const carriedObject = (object: KubeObject, uid: string | undefined): CarriedObject => ({
  key: idText(idOf(object)),
  object,
  ...(uid === undefined ? {} : { uid }),
  references: referencesOf(object),
});

/** Several namespaces may become one: the Namespace itself is then carried once, anything else is a clash. */
const clash = (key: string, { kind }: KubeObject): readonly BundleFinding[] =>
  kind === 'Namespace'
    ? []
    : [
        {
          code: 'transform-clash',
          severity: 'error',
          object: key,
          message: `two objects of the source become ${key}`,
          hint: 'let the namespaces of the two differ on the target, or rename one of them with a json-patch',
        },
      ];

/**
 * Turns the objects of a bundle into those that the target shall have: transforms of the spec, then those that a
 * change of the distribution brings about, then the Secrets from outside. Pure; nothing of it may be written anywhere.
 */
export const carry = ({ objects, inputs, transforms, defaults }: CarryInput): Carried => {
  const all = [...transforms, ...defaults];
  const context = transformContext(objects.map(({ object }) => object));
  const counts = all.map(() => 0);
  const changed = new Set<string>();
  const findings: BundleFinding[] = [];
  const result = new Map<string, CarriedObject>();
  for (const { object, uid } of objects) {
    const done = transformObject(object, all, context);
    const carried = carriedObject(done.object, uid);
    for (const index of done.by) counts[index] = (counts[index] ?? 0) + 1;
    if (done.by.length > 0) changed.add(carried.key);
    findings.push(...done.findings);
    if (result.has(carried.key)) findings.push(...clash(carried.key, done.object));
    else result.set(carried.key, carried);
  }
  for (const object of inputs) {
    const carried = carriedObject(object, undefined);
    result.set(carried.key, carried);
  }
  const used = all.map(
    (transform, index): UsedTransform => ({
      transform,
      title: transformTitle(transform),
      objects: counts[index] ?? 0,
      byDefault: index >= transforms.length,
    }),
  );
  return {
    objects: [...result.values()].sort((a, b) => (a.key < b.key ? -1 : 1)),
    transforms: used.filter(({ byDefault, objects: n }) => !byDefault || n > 0),
    changed,
    findings: [...findings, ...unmatchedFindings(used.filter(({ byDefault }) => !byDefault))],
  };
};
