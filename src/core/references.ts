import type { Json } from './canonical.js';

/** A parameter that an earlier action gives: `{from: action, output: name}` (fixed point a). */
export interface OutputReference {
  readonly from: string;
  readonly output: string;
}

type Members = Readonly<Record<string, Json>>;

const isMembers = (value: Json): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const asReference = (value: Json): OutputReference | undefined => {
  if (!isMembers(value) || Object.keys(value).length !== 2) return undefined;
  const { from, output } = value;
  return typeof from === 'string' && typeof output === 'string' ? { from, output } : undefined;
};

/** `value` with every reference replaced by what `found` gives for it; the very same where there is none. */
export const replaceReferences = (value: Json, found: (reference: OutputReference) => Json): Json =>
  holdsReference(value) ? replaceIn(value, found) : value;

const replaceIn = (value: Json, found: (reference: OutputReference) => Json): Json => {
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => replaceIn(item, found));
  if (!isMembers(value)) return value;
  const reference = asReference(value);
  if (reference !== undefined) return found(reference);
  const members = Object.entries(value).map(([key, member]) => [key, replaceIn(member, found)]);
  return Object.fromEntries(members) as Members;
};

/** Most parameters hold no reference: they are looked through without being copied. */
const holdsReference = (value: Json): boolean => {
  if (Array.isArray(value)) return (value as readonly Json[]).some(holdsReference);
  if (!isMembers(value)) return false;
  return asReference(value) !== undefined || Object.values(value).some(holdsReference);
};

/** All references in a value, in order, with repetitions. */
export const referencesIn = (value: Json): OutputReference[] => {
  if (!holdsReference(value)) return [];
  const all: OutputReference[] = [];
  replaceReferences(value, (reference) => {
    all.push(reference);
    return null;
  });
  return all;
};
