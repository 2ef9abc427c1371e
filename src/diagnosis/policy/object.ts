import type { SourceLocation } from '../../core/error.js';
import type { KubeObject } from '../../core/ports/kube.js';

/** Way to a value inside an object: `['spec', 'containers', 0, 'image']`. */
export type ObjectPath = readonly (string | number)[];

/** An object that the policy judges: live, or out of a file. */
export interface PolicyObject {
  readonly object: KubeObject;
  /** Where a value, or a word inside its text, stands in the user's file; undefined for live objects. */
  readonly locate?: (path: ObjectPath, word?: string) => SourceLocation;
}

/** `shop/Deployment/web`; objects without a namespace begin with a dash. */
export const objectName = ({ kind, metadata }: KubeObject): string =>
  `${metadata.namespace ?? '-'}/${kind}/${metadata.name}`;

/** `spec.template.spec.containers[0].image` */
export const pathText = (path: ObjectPath): string =>
  path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text === '' ? part : `${text}.${part}`),
    '',
  );

/** What lies at a path; undefined when anything on the way is missing. */
export const valueAt = (root: unknown, path: ObjectPath): unknown =>
  path.reduce<unknown>(
    (value, part) =>
      typeof value === 'object' && value !== null
        ? (value as Record<string | number, unknown>)[part]
        : undefined,
    root,
  );
