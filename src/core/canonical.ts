import { createHash } from 'node:crypto';

/** What JSON can hold. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * JSON with sorted keys and no white space (RFC 8785 for the values that Drover uses): equal values give equal
 * text, so that digests of plans, facts and journal lines can be compared anywhere. `undefined` members vanish.
 */
export const canonicalJson = (value: unknown): string => {
  if (value === undefined) return 'null';
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item)).join(',')}]`;
  // Plans of hundreds of hosts have tens of megabytes of it: no arrays of pairs on the way.
  const members = value as Readonly<Record<string, unknown>>;
  let text = '';
  for (const key of Object.keys(members).sort()) {
    if (members[key] === undefined) continue;
    text += `${text === '' ? '{' : ','}${JSON.stringify(key)}:${canonicalJson(members[key])}`;
  }
  return text === '' ? '{}' : `${text}}`;
};

/** SHA-256 in hex. */
export const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');

/** SHA-256 over the canonical JSON of a value, hex. */
export const digest = (value: unknown): string => sha256(canonicalJson(value));
