import { generateIdentity, identityToRecipient } from 'age-encryption';
import { expect, it } from 'vitest';
import { ageKeyWrap } from '../../src/secrets/key-wrap.js';

const identityOf = async () => {
  const identity = await generateIdentity();
  return { identity, recipient: await identityToRecipient(identity) };
};
const key = new Uint8Array(32).fill(7);

it('wraps a key for every recipient, and for nobody else', async () => {
  const [own, friend, stranger] = await Promise.all([identityOf(), identityOf(), identityOf()]);
  const text = await ageKeyWrap(own.identity, [own.recipient, friend.recipient]).wrap(key);
  expect(text).toMatch(/^-----BEGIN AGE ENCRYPTED FILE-----/);
  for (const { identity } of [own, friend])
    expect(await ageKeyWrap(identity, []).unwrap(text)).toEqual({ ok: true, value: key });
  expect(await ageKeyWrap(stranger.identity, []).unwrap(text)).toMatchObject({
    ok: false,
    error: { code: 'secret-unreadable' },
  });
});

it('does not open what was damaged', async () => {
  const own = await identityOf();
  const wrap = ageKeyWrap(own.identity, [own.recipient]);
  const text = await wrap.wrap(key);
  for (const damaged of [
    '',
    text.slice(0, -60),
    text.replace(/[A-Za-z](?=[^\n]*\n-----END)/, (sign) => (sign === 'A' ? 'B' : 'A')),
  ])
    expect((await wrap.unwrap(damaged)).ok).toBe(false);
});
