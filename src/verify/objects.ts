import type { KubeObject } from '../core/ports/kube.js';

/** Reads a member of an object by path; undefined when anything on the way is missing. */
export const at = (object: unknown, ...path: readonly (string | number)[]): unknown =>
  path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null
        ? (value as Record<string | number, unknown>)[key]
        : undefined,
    object,
  );

export const text = (object: unknown, ...path: readonly (string | number)[]): string => {
  const value = at(object, ...path);
  return typeof value === 'string' ? value : '';
};

export const list = (object: unknown, ...path: readonly (string | number)[]): readonly unknown[] => {
  const value = at(object, ...path);
  return Array.isArray(value) ? value : [];
};

/** `True`, `False`, `Unknown`, or `absent`, with the condition's reason and message. */
export const condition = (
  object: KubeObject,
  type: string,
): { readonly status: string; readonly detail: string } => {
  const found = list(object, 'status', 'conditions').find((entry) => text(entry, 'type') === type);
  if (found === undefined) return { status: 'absent', detail: `no condition ${type}` };
  return {
    status: text(found, 'status'),
    detail: [text(found, 'reason'), text(found, 'message')].filter((part) => part !== '').join(': '),
  };
};
