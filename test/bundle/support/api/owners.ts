import { isDeepStrictEqual } from 'node:util';
import type { KubeFailure, KubeObject } from '../../../../src/core/ports/kube.js';
import { err, ok, type Result } from '../../../../src/core/result.js';
import { type FieldPath, fieldsV1, fieldText, leaves, merged, valueOf, withoutLeaf } from './field-sets.js';

/** Who owns which fields of one object: leaves as text by `manager/operation`. */
export type Owners = ReadonlyMap<string, ReadonlySet<string>>;

const textOf = (path: FieldPath): string => JSON.stringify(path);
const pathOf = (text: string): FieldPath => JSON.parse(text) as FieldPath;

export const managedFieldsOf = (owners: Owners, apiVersion: string): readonly object[] =>
  [...owners].map(([owner, fields]) => {
    const [manager = '', operation = ''] = owner.split('/');
    return {
      manager,
      operation,
      apiVersion,
      fieldsType: 'FieldsV1',
      fieldsV1: fieldsV1([...fields].map(pathOf)),
    };
  });

/** Owners after somebody wrote these fields without server-side apply: what changed belongs to them. */
export const afterUpdate = (
  owners: Owners,
  manager: string,
  before: KubeObject | undefined,
  after: KubeObject,
): Owners => {
  const changed = leaves(after)
    .filter((path) => before === undefined || !isDeepStrictEqual(valueOf(before, path), valueOf(after, path)))
    .map(textOf);
  const next = new Map([...owners].map(([owner, fields]) => [owner, new Set(fields)]));
  for (const fields of next.values()) for (const field of changed) fields.delete(field);
  const own = `${manager}/Update`;
  next.set(own, new Set([...(next.get(own) ?? []), ...changed]));
  return new Map([...next].filter(([, fields]) => fields.size > 0));
};

interface Applied {
  readonly object: KubeObject;
  readonly owners: Owners;
}

const conflictOf = (
  conflicts: readonly { readonly owner: string; readonly path: FieldPath }[],
): KubeFailure => {
  const texts = conflicts.map(({ owner, path }) => ({
    field: fieldText(path),
    reason: 'FieldManagerConflict',
    message: `conflict with "${owner.split('/')[0] ?? ''}"`,
  }));
  return {
    kind: 'conflict',
    status: 409,
    message: `Apply failed with ${texts.length} conflicts: ${texts.map(({ message, field }) => `${message}: ${field}`).join(', ')}`,
    causes: texts,
  };
};

/** Server-side apply onto an object that exists. */
export const applied = (
  before: KubeObject,
  wanted: KubeObject,
  { manager, force, owners }: { readonly manager: string; readonly force: boolean; readonly owners: Owners },
): Result<Applied, KubeFailure> => {
  const own = `${manager}/Apply`;
  const fields = leaves(wanted);
  const others = [...owners].filter(([owner]) => owner !== own);
  const conflicts = others.flatMap(([owner, theirs]) =>
    fields
      .filter(
        (path) =>
          theirs.has(textOf(path)) && !isDeepStrictEqual(valueOf(before, path), valueOf(wanted, path)),
      )
      .map((path) => ({ owner, path })),
  );
  if (conflicts.length > 0 && !force) return err(conflictOf(conflicts));
  const lost = new Set(conflicts.map(({ path }) => textOf(path)));
  const left = others.map(([owner, theirs]): [string, ReadonlySet<string>] => [
    owner,
    new Set([...theirs].filter((field) => !lost.has(field))),
  ]);
  const mine = new Set(fields.map(textOf));
  const given = [...(owners.get(own) ?? [])].filter(
    (field) => !mine.has(field) && !left.some(([, theirs]) => theirs.has(field)),
  );
  const kept = given.reduce<unknown>((object, field) => withoutLeaf(object, pathOf(field)), before);
  return ok({
    object: merged(kept, wanted) as KubeObject,
    owners: new Map([...left.filter(([, theirs]) => theirs.size > 0), [own, mine]]),
  });
};

export const firstOwners = (object: KubeObject, owner: string): Owners =>
  new Map([[owner, new Set(leaves(object).map(textOf))]]);
