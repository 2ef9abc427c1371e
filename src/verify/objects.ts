import type { KubeObject } from '../core/ports/kube.js';
import { type Path, valueAt } from '../spec/path.js';

export const text = (object: unknown, ...path: Path): string => {
  const value = valueAt(object, path);
  return typeof value === 'string' ? value : '';
};

export const list = (object: unknown, ...path: Path): readonly unknown[] => {
  const value = valueAt(object, path);
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
