import type { Path } from './path.js';

export interface SecretReference {
  readonly secret: string;
  readonly key: string;
  readonly path: Path;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  value !== null && typeof value === 'object';

/** Every `{secret, key}` below a value, wherever it stands. */
export const secretReferences = (value: unknown, path: Path): readonly SecretReference[] => {
  if (!isObject(value)) return [];
  const { secret, key } = value;
  if (typeof secret === 'string' && typeof key === 'string') return [{ secret, key, path }];
  return Object.entries(value).flatMap(([name, child]) =>
    secretReferences(child, [...path, Array.isArray(value) ? Number(name) : name]),
  );
};
