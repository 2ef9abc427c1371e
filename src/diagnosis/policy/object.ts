import type { SourceLocation } from '../../core/error.js';
import type { KubeObject } from '../../core/ports/kube.js';
import type { Path } from '../../spec/path.js';

/** An object that the policy judges: live, or out of a file. */
export interface PolicyObject {
  readonly object: KubeObject;
  /** Where a value, or a word inside its text, stands in the user's file; undefined for live objects. */
  readonly locate?: (path: Path, word?: string) => SourceLocation;
}

/** `shop/Deployment/web`; objects without a namespace begin with a dash. */
export const objectName = ({ kind, metadata }: KubeObject): string =>
  `${metadata.namespace ?? '-'}/${kind}/${metadata.name}`;
