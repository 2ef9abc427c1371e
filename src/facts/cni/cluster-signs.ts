import type { CniName } from './driver.js';
import { drivers } from './drivers.js';

/** The network that writes annotations with this key on nodes. */
export const ownerOfAnnotation = (key: string): CniName | undefined =>
  drivers.find(({ signs }) => signs.annotations?.test(key) === true)?.cni;

/** The network that defines this kind, by the definition's name. */
export const ownerOfDefinition = (name: string): CniName | undefined =>
  drivers.find(({ signs }) => signs.definitions?.test(name) === true)?.cni;

export const isNetworkAnnotation = (key: string): boolean => ownerOfAnnotation(key) !== undefined;
