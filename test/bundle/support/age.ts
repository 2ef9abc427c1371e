import { generateIdentity, identityToRecipient } from 'age-encryption';
import type { KeyWrap } from '../../../src/core/ports/key-wrap.js';
import { ageKeyWrap } from '../../../src/secrets/key-wrap.js';

/** A person with an age identity of their own; others may be recipients, too. */
export const person = async (
  ...others: readonly string[]
): Promise<{ readonly wrap: KeyWrap; readonly recipient: string }> => {
  const identity = await generateIdentity();
  const recipient = await identityToRecipient(identity);
  return { wrap: ageKeyWrap(identity, [recipient, ...others]), recipient };
};
