import type { KubeObject } from '../../core/ports/kube.js';
import type { Random } from '../../core/ports/random.js';
import { err, ok, type Result } from '../../core/result.js';
import { isMap } from '../clean/draft.js';
import { idOf } from '../model/object-id.js';
import { objectPath } from '../model/object-path.js';
import { isSealed } from '../model/sealed-text.js';
import { openValue, sealValue } from './value.js';

/** Members of a Secret that hold its values. */
const SEALED_MEMBERS = ['data', 'stringData'] as const;

type Change = (place: string, value: string) => string;

const isSecret = ({ apiVersion, kind }: KubeObject): boolean => apiVersion === 'v1' && kind === 'Secret';

/** Changes every value of a Secret; other objects come back as they are. */
const mapValues = (object: KubeObject, change: Change): KubeObject => {
  if (!isSecret(object)) return object;
  const path = objectPath(idOf(object));
  const members = SEALED_MEMBERS.flatMap((member): [string, unknown][] => {
    const values = object[member];
    if (!isMap(values)) return [];
    const changed = Object.entries(values).map(([key, value]): [string, unknown] => [
      key,
      typeof value === 'string' ? change(`${path}#${member}.${key}`, value) : value,
    ]);
    return [[member, Object.fromEntries(changed)]];
  });
  return { ...object, ...Object.fromEntries(members) };
};

export interface Sealing {
  readonly key: Uint8Array;
  readonly random: Random;
  /** Ciphertexts of an earlier export with the same key, by place: a value that did not change keeps its own. */
  readonly before: ReadonlyMap<string, string>;
}

export interface SealedObject {
  readonly object: KubeObject;
  readonly values: number;
}

/** Seals all values of a Secret before anything of it is written. */
export const sealObject = (object: KubeObject, { key, random, before }: Sealing): SealedObject => {
  let values = 0;
  const sealed = mapValues(object, (place, value) => {
    values += 1;
    const old = before.get(place);
    return old !== undefined && openValue(key, place, old) === value
      ? old
      : sealValue(key, place, value, random);
  });
  return { object: sealed, values };
};

/** Opens all values of a Secret; the error names the first place that does not open. */
export const openObject = (object: KubeObject, key: Uint8Array): Result<KubeObject, string> => {
  let damaged: string | undefined;
  const opened = mapValues(object, (place, text) => {
    const value = openValue(key, place, text);
    if (value === undefined) damaged ??= place;
    return value ?? '';
  });
  return damaged === undefined ? ok(opened) : err(damaged);
};

/** Ciphertexts of an object by place; values that are not sealed are left out. */
export const sealedPlaces = (object: KubeObject): ReadonlyMap<string, string> => {
  const places = new Map<string, string>();
  mapValues(object, (place, text) => {
    if (isSealed(text)) places.set(place, text);
    return text;
  });
  return places;
};

/** Places of a Secret whose values are not sealed: a bundle with one was edited by hand. */
export const plainPlaces = (object: KubeObject): readonly string[] => {
  const places: string[] = [];
  mapValues(object, (place, text) => {
    if (!isSealed(text)) places.push(place);
    return text;
  });
  return places;
};
