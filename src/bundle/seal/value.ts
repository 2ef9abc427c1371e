import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { Random } from '../../core/ports/random.js';
import { formatSealed, NONCE_BYTES, parseSealed } from '../model/sealed-text.js';

/** AES-256. */
export const KEY_BYTES = 32;

const CIPHER = 'aes-256-gcm';

/**
 * Seals one value. `place` (file and path in it) is bound into the ciphertext: moved elsewhere it does not open.
 * The nonce is fresh each time, so the same value sealed twice looks different.
 */
export const sealValue = (key: Uint8Array, place: string, value: string, random: Random): string => {
  const nonce = random.bytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce).setAAD(Buffer.from(place));
  const data = Buffer.concat([cipher.update(value, 'utf8'), cipher.final()]);
  return formatSealed({ nonce, data, tag: cipher.getAuthTag() });
};

/** The value; undefined when the text was changed, moved or sealed with another key. */
export const openValue = (key: Uint8Array, place: string, text: string): string | undefined => {
  const sealed = parseSealed(text);
  if (sealed === undefined) return undefined;
  const cipher = createDecipheriv(CIPHER, key, sealed.nonce).setAAD(Buffer.from(place));
  cipher.setAuthTag(sealed.tag);
  try {
    return Buffer.concat([cipher.update(sealed.data), cipher.final()]).toString('utf8');
  } catch {
    return undefined;
  }
};
