import type { HostTarget } from '../core/ports/transport.js';
import { type HostKey, parseKeyLines } from './keyscan.js';

/** The name under which ssh looks for a host's key. */
export const knownName = ({ address, port }: Pick<HostTarget, 'address' | 'port'>): string =>
  port === undefined || port === 22 ? address : `[${address}]:${port}`;

/** Keys on record for a host. */
export const knownKeys = (file: string, name: string): readonly HostKey[] =>
  parseKeyLines(file).filter(({ names }) => names.split(',').includes(name));

/**
 * How the keys that a host offers relate to the record:
 *   known     all are on record           new       none is on record for this host
 *   more      some are, none contradicts   changed   a key of the same type is on record and differs
 */
export type KeyState = 'known' | 'new' | 'more' | 'changed';

export const keyState = (recorded: readonly HostKey[], offered: readonly HostKey[]): KeyState => {
  if (recorded.length === 0) return 'new';
  const blobs = new Set(recorded.map(({ blob }) => blob));
  const differs = (key: HostKey): boolean =>
    !blobs.has(key.blob) && recorded.some(({ type }) => type === key.type);
  if (offered.some(differs)) return 'changed';
  const matching = offered.filter(({ blob }) => blobs.has(blob)).length;
  // Not one key in common, although the types differ: that is another machine.
  if (matching === 0) return 'changed';
  return matching === offered.length ? 'known' : 'more';
};

/** The file with the keys of these hosts in place of what it said about them; everything else stays as it is. */
export const withKeys = (
  file: string,
  hosts: readonly { readonly name: string; readonly keys: readonly HostKey[] }[],
): string => {
  const renewed = new Set(hosts.map(({ name }) => name));
  const kept = file.split('\n').flatMap((line) => {
    const [names = '', ...rest] = line.split(/\s+/);
    if (line.trim() === '' || names.startsWith('#') || names.startsWith('@'))
      return line.trim() === '' ? [] : [line];
    const others = names.split(',').filter((name) => !renewed.has(name));
    return others.length === 0 ? [] : [[others.join(','), ...rest].join(' ')];
  });
  const added = hosts.flatMap(({ name, keys }) => keys.map(({ type, blob }) => `${name} ${type} ${blob}`));
  return `${[...kept, ...added].join('\n')}\n`;
};
