import { formatAddress, parseAddress } from '../core/cidr.js';
import type { SourceLocation } from '../core/error.js';
import { repeated } from './repeated.js';
import type { Problem } from './rule.js';

/** A name or an address that must be unique, and where it stands. */
export interface UniqueKey {
  readonly text: string;
  readonly location: SourceLocation;
}

/** One way to write an address, so that `fd00::1` and `FD00:0::1` count as the same. */
const canonical = (text: string): string => {
  const address = parseAddress(text);
  return address === undefined ? text : formatAddress(address);
};

const problems = (
  keys: readonly UniqueKey[],
  what: string,
  keyOf: (text: string) => string,
): readonly Problem[] =>
  repeated(keys, ({ text }) => keyOf(text)).map(({ item, first }) => ({
    message: `two hosts have the same ${what} ${item.text}`,
    location: item.location,
    label: `also in line ${first.location.line}`,
    hint: `correct one of them`,
  }));

export const duplicateNames = (keys: readonly UniqueKey[]): readonly Problem[] =>
  problems(keys, 'name', (text) => text);
export const duplicateAddresses = (keys: readonly UniqueKey[]): readonly Problem[] =>
  problems(keys, 'address', canonical);
