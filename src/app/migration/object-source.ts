import type { SourceObject } from '../../bundle/carry/carry.js';
import { carriedObject } from '../../bundle/carry/carry.js';
import type { BundleEntry } from '../../bundle/model/bundle-index.js';
import { idOf, idText } from '../../bundle/model/object-id.js';
import { openValue, sealValue } from '../../bundle/seal/value.js';
import type { Bundle } from '../../bundle/store/read.js';
import { transformContext, transformObject } from '../../bundle/transform/apply.js';
import type { Json } from '../../core/canonical.js';
import type { KubeObject } from '../../core/ports/kube.js';
import type { Random } from '../../core/ports/random.js';
import { err, ok, type Result } from '../../core/result.js';
import type { Transform } from '../../spec/schema/transforms.js';
import type { StepFailure } from '../../steps/failure.js';
import type { ObjectSource } from '../../steps/objects/source.js';

export interface SourceInput {
  readonly bundle: Bundle;
  /** Those of the spec, then those that a change of the distribution brings about. */
  readonly transforms: readonly Transform[];
  /** Secrets that the spec makes from outside; they stand in place of what the bundle has under their names. */
  readonly inputs: readonly KubeObject[];
  readonly random: Random;
}

/** An object’s names alone: transforms of namespaces need no more. */
const namesOf = ({ apiVersion, kind, name, namespace }: BundleEntry): KubeObject => ({
  apiVersion,
  kind,
  metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
});

const unreadable = (message: string): StepFailure => ({
  class: 'permanent',
  code: 'bundle-tampered',
  message,
});

/** Which transforms may give an object another name; the others are not needed to find its key. */
const renames = ({ change }: Transform): boolean => change === 'namespace' || change === 'json-patch';

/** Keys on the target by entry. Where JSON patches may rename, each object is read once; none is kept. */
const keysOf = async ({
  bundle,
  transforms,
}: SourceInput): Promise<Result<ReadonlyMap<string, BundleEntry>, StepFailure>> => {
  const { entries } = bundle.index;
  const renaming = transforms.filter(renames);
  const whole = renaming.some(({ change }) => change === 'json-patch');
  const context = transformContext(entries.map(namesOf));
  const keys = new Map<string, BundleEntry>();
  for (const entry of entries) {
    const read = whole ? await bundle.object(entry) : ok(namesOf(entry));
    if (!read.ok) return err(unreadable(read.error.message));
    const key = idText(idOf(transformObject(read.value, renaming, context).object));
    // Several namespaces may become one: the first of the same key counts, as in the plan.
    if (!keys.has(key)) keys.set(key, entry);
  }
  return ok(keys);
};

/**
 * The objects of a bundle as the target shall have them, read one by one when they are asked for: a run of tens of
 * thousands of objects holds names alone in memory.
 */
export const objectSource = async (input: SourceInput): Promise<Result<ObjectSource, StepFailure>> => {
  const { bundle, transforms, random } = input;
  const keys = await keysOf(input);
  if (!keys.ok) return keys;
  const context = transformContext(bundle.index.entries.map(namesOf));
  const inputs = new Map(input.inputs.map((object) => [idText(idOf(object)), object]));
  const byUid = new Map([...keys.value].map(([key, { uid }]) => [uid, key]));
  const read = async (entry: BundleEntry): Promise<Result<SourceObject, StepFailure>> => {
    const object = await bundle.object(entry);
    return object.ok
      ? ok({ object: object.value, uid: entry.uid })
      : err(unreadable(object.error.cause ?? object.error.message));
  };
  return ok({
    digest: bundle.index.digest,
    keyOfUid: (uid) => byUid.get(uid),
    get: async (key) => {
      const made = inputs.get(key);
      if (made !== undefined) return ok(carriedObject(made, undefined));
      const entry = keys.value.get(key);
      if (entry === undefined) return ok(undefined);
      const found = await read(entry);
      if (!found.ok) return found;
      const { object } = transformObject(found.value.object, transforms, context);
      return ok(carriedObject(object, found.value.uid));
    },
    seal: (place, value) => sealValue(bundle.key, place, JSON.stringify(value), random),
    open: (place, sealed) => {
      const text = openValue(bundle.key, place, sealed);
      return text === undefined ? undefined : (JSON.parse(text) as Json);
    },
  });
};
