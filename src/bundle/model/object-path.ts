import { sha256 } from '../../core/canonical.js';
import { kindName, type ObjectId } from './object-id.js';

/** Longest file name that every usual file system takes, less the ending. */
const LONGEST = 200;

/**
 * Names of objects may be longer than file names and differ in case alone, which some file systems do not tell
 * apart; such names carry a digest.
 */
const fileName = (name: string): string => {
  if (/^[a-z0-9][a-z0-9.-]*$/.test(name) && name.length <= LONGEST) return name;
  const readable = encodeURIComponent(name).replaceAll('*', '%2A').slice(0, LONGEST);
  return `${readable}~${sha256(name).slice(0, 12)}`;
};

/** Where an object lies in a bundle: `namespaces/shop/Deployment.apps/web.yaml`, `cluster/Namespace/shop.yaml`. */
export const objectPath = (id: ObjectId): string => {
  const folder = id.namespace === undefined ? ['cluster'] : ['namespaces', fileName(id.namespace)];
  return [...folder, kindName(id), `${fileName(id.name)}.yaml`].join('/');
};
