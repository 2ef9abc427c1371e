import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openObject, plainPlaces, sealedPlaces, sealObject } from '../../../src/bundle/seal/object.js';
import { openValue, sealValue } from '../../../src/bundle/seal/value.js';
import { systemRandom } from '../../../src/system/random.js';
import { object, secret } from '../support/objects.js';

const key = randomBytes(32);
const none = new Map<string, string>();

describe('sealed values', () => {
  it('open to what they were, with the same key at the same place alone', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), fc.string(), (value, place, other) => {
        const text = sealValue(key, place, value, systemRandom);
        expect(text).toMatch(/^ENC\[AES256_GCM,[A-Za-z0-9+/=]+\]$/);
        expect(openValue(key, place, text)).toBe(value);
        expect(openValue(key, `${place}#${other}`, text)).toBeUndefined();
        expect(openValue(randomBytes(32), place, text)).toBeUndefined();
      }),
    );
  });

  it('do not open when one byte of them was changed', () => {
    const text = sealValue(key, 'a', 'hunter2', systemRandom);
    const bytes = Buffer.from(text.slice('ENC[AES256_GCM,'.length, -1), 'base64');
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(openValue(key, 'a', `ENC[AES256_GCM,${changed.toString('base64')}]`)).toBeUndefined();
    }
  });

  it('never look the same twice', () => {
    const texts = Array.from({ length: 50 }, () => sealValue(key, 'a', 'same', systemRandom));
    expect(new Set(texts).size).toBe(50);
  });
});

describe('sealed objects', () => {
  it('keep their keys readable, and hold no value, plain or in base64', () => {
    const value = secret('db', { password: 'hunter2-hunter2', user: 'admin-of-all' });
    const sealed = sealObject(value, { key, random: systemRandom, before: none });
    const text = JSON.stringify(sealed.object);
    expect(sealed.values).toBe(2);
    expect(Object.keys(sealed.object['data'] as object)).toEqual(['password', 'user']);
    for (const plain of [
      'hunter2-hunter2',
      Buffer.from('hunter2-hunter2').toString('base64'),
      'admin-of-all',
    ])
      expect(text).not.toContain(plain);
    const opened = openObject(sealed.object, key);
    expect(opened).toEqual({ ok: true, value });
  });

  it('keep the ciphertext of values that did not change, and of no others', () => {
    const first = sealObject(secret('db', { a: '1', b: '2' }), {
      key,
      random: systemRandom,
      before: none,
    }).object;
    const before = sealedPlaces(first);
    const second = sealObject(secret('db', { a: '1', b: '3' }), { key, random: systemRandom, before }).object;
    const [one, two] = [first, second].map(({ data }) => data as Record<string, string>);
    expect(two?.['a']).toBe(one?.['a']);
    expect(two?.['b']).not.toBe(one?.['b']);
  });

  it('do not open under another name', () => {
    const sealed = sealObject(secret('db', { a: '1' }), { key, random: systemRandom, before: none }).object;
    expect(openObject({ ...sealed, metadata: { ...sealed.metadata, name: 'other' } }, key)).toMatchObject({
      ok: false,
      error: 'namespaces/shop/Secret/other.yaml#data.a',
    });
  });

  it('leave other kinds alone, and show values that somebody wrote in plain text', () => {
    const map = object('v1', 'ConfigMap', 'c', { data: { a: '1' } });
    expect(sealObject(map, { key, random: systemRandom, before: none })).toEqual({ object: map, values: 0 });
    expect(plainPlaces(secret('db', { a: '1' }))).toEqual(['namespaces/shop/Secret/db.yaml#data.a']);
  });
});
