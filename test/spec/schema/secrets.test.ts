import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { describe, expect, it } from 'vitest';
import { secretsSchema } from '../../../src/spec/schema/secrets.js';

const refusal = (recipient: string): string | undefined =>
  secretsSchema.safeParse({ recipients: [recipient] }).error?.issues[0]?.message;

describe('recipients of secrets', () => {
  it('are keys that age makes', async () => {
    expect(refusal(await identityToRecipient(await generateX25519Identity()))).toBeUndefined();
  });

  it('are refused with what to do when age cannot encrypt to them', () => {
    expect(refusal('ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBs me@host')).toBe(
      'ssh keys cannot be recipients: make an age key with `age-keygen` and write its public key, age1…',
    );
    expect(refusal('age1short')).toBe('expected a public key of age: age1 and 58 lower-case characters');
    expect(refusal(`AGE-SECRET-KEY-1${'Q'.repeat(58)}`)).toContain('expected a public key');
  });
});
