import { isDeepStrictEqual } from 'node:util';
import { err, ok, type Result } from '../../core/result.js';
import type { Path } from '../../spec/path.js';
import { valueAt } from '../../spec/path.js';
import type { PatchOperation } from '../../spec/schema/transforms.js';
import { withoutValue, withValue } from './edit.js';

/** Why a patch was not applied: a test that does not hold is meant to keep it away, anything else is a mistake. */
export type PatchRefusal = { readonly kind: 'test' } | { readonly kind: 'failed'; readonly detail: string };

const failed = (detail: string): Result<never, PatchRefusal> => err({ kind: 'failed', detail });

/** A JSON pointer as a path: digits mean an index only where there is a list. */
const pathOf = (root: unknown, pointer: string): Path => {
  const path: (string | number)[] = [];
  for (const raw of pointer.split('/').slice(1)) {
    const segment = raw.replaceAll('~1', '/').replaceAll('~0', '~');
    const parent = valueAt(root, path);
    if (Array.isArray(parent))
      path.push(segment === '-' ? parent.length : /^\d+$/.test(segment) ? Number(segment) : segment);
    else path.push(segment);
  }
  return path;
};

const exists = (root: unknown, path: Path): boolean => {
  const parent = valueAt(root, path.slice(0, -1));
  const last = path.at(-1);
  if (last === undefined) return true;
  return parent !== null && typeof parent === 'object' && Object.hasOwn(parent, last);
};

const add = (root: unknown, pointer: string, value: unknown): Result<unknown, PatchRefusal> => {
  const path = pathOf(root, pointer);
  const last = path.at(-1);
  const at = path.slice(0, -1);
  const parent = valueAt(root, at);
  if (Array.isArray(parent)) {
    if (typeof last !== 'number' || last > parent.length) return failed(`${pointer} is no place in a list`);
    return ok(
      withValue(root, at, [
        ...(parent.slice(0, last) as unknown[]),
        value,
        ...(parent.slice(last) as unknown[]),
      ]),
    );
  }
  if (parent === null || typeof parent !== 'object') return failed(`${pointer} has no parent`);
  return ok(withValue(root, path, value));
};

const take = (
  root: unknown,
  pointer: string,
): Result<{ readonly root: unknown; readonly value: unknown }, PatchRefusal> => {
  const path = pathOf(root, pointer);
  if (!exists(root, path)) return failed(`${pointer} does not exist`);
  return ok({ root: withoutValue(root, path), value: valueAt(root, path) });
};

const one = (root: unknown, operation: PatchOperation): Result<unknown, PatchRefusal> => {
  switch (operation.op) {
    case 'test': {
      const path = pathOf(root, operation.path);
      const holds = exists(root, path) && isDeepStrictEqual(valueAt(root, path), operation.value);
      return holds ? ok(root) : err({ kind: 'test' });
    }
    case 'add':
      return add(root, operation.path, operation.value);
    case 'replace': {
      const path = pathOf(root, operation.path);
      return exists(root, path)
        ? ok(withValue(root, path, operation.value))
        : failed(`${operation.path} does not exist`);
    }
    case 'remove': {
      const taken = take(root, operation.path);
      return taken.ok ? ok(taken.value.root) : taken;
    }
    case 'move': {
      const taken = take(root, operation.from);
      return taken.ok ? add(taken.value.root, operation.path, taken.value.value) : taken;
    }
    case 'copy': {
      const path = pathOf(root, operation.from);
      return exists(root, path)
        ? add(root, operation.path, valueAt(root, path))
        : failed(`${operation.from} does not exist`);
    }
  }
};

/** Applies a JSON Patch (RFC 6902) as a whole or not at all. */
export const applyPatch = (
  root: unknown,
  patch: readonly PatchOperation[],
): Result<unknown, PatchRefusal> => {
  let value: unknown = root;
  for (const operation of patch) {
    const next = one(value, operation);
    if (!next.ok) return next;
    value = next.value;
  }
  return ok(value);
};
