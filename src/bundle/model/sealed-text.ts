/** A sealed value as it stands in a file: the nonce, then ciphertext and tag, base64. */
export interface SealedText {
  readonly nonce: Uint8Array;
  readonly tag: Uint8Array;
  readonly data: Uint8Array;
}

export const NONCE_BYTES = 12;
export const TAG_BYTES = 16;

const PREFIX = 'ENC[AES256_GCM,';
const SHAPE = /^ENC\[AES256_GCM,([A-Za-z0-9+/]*={0,2})\]$/;

export const isSealed = (value: unknown): value is string =>
  typeof value === 'string' && value.startsWith(PREFIX);

export const formatSealed = ({ nonce, tag, data }: SealedText): string =>
  `${PREFIX}${Buffer.concat([nonce, data, tag]).toString('base64')}]`;

/** Undefined when the text is no sealed value. */
export const parseSealed = (text: string): SealedText | undefined => {
  const [, encoded] = SHAPE.exec(text) ?? [];
  const bytes = Buffer.from(encoded ?? '', 'base64');
  if (encoded === undefined || bytes.length < NONCE_BYTES + TAG_BYTES) return undefined;
  return {
    nonce: bytes.subarray(0, NONCE_BYTES),
    data: bytes.subarray(NONCE_BYTES, bytes.length - TAG_BYTES),
    tag: bytes.subarray(bytes.length - TAG_BYTES),
  };
};
