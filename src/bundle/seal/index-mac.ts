import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { digest, sha256 } from '../../core/canonical.js';
import type { BundleIndex } from '../model/bundle-index.js';

type Unsigned = Omit<BundleIndex, 'digest' | 'mac'>;

/** Tells keys apart; nothing about the key can be found from it. */
export const keyId = (key: Uint8Array): string =>
  sha256(Buffer.concat([Buffer.from('drover bundle key id'), key])).slice(0, 16);

/** The digest that plans pin. */
export const indexDigest = ({ exportedAt, ...content }: Unsigned): string => digest(content);

const macOf = (key: Uint8Array, value: string): Buffer => {
  const derived = Buffer.from(hkdfSync('sha256', key, '', 'drover bundle index', 32));
  return createHmac('sha256', derived).update(value).digest();
};

export const signIndex = (content: Unsigned, key: Uint8Array): BundleIndex => {
  const value = indexDigest(content);
  return { ...content, digest: value, mac: macOf(key, value).toString('hex') };
};

/** Was the index made by somebody who could read the bundle? */
export const isSigned = ({ digest: value, mac }: BundleIndex, key: Uint8Array): boolean =>
  timingSafeEqual(macOf(key, value), Buffer.from(mac.padEnd(64, '0').slice(0, 64), 'hex'));
