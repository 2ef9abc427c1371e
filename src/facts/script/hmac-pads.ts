const BLOCK = 64;

const pad = (key: Uint8Array, byte: number): string =>
  Array.from({ length: BLOCK }, (_, index) => (key[index] ?? 0) ^ byte)
    .map((value) => `\\0${value.toString(8).padStart(3, '0')}`)
    .join('');

/**
 * The inner and outer pad of HMAC-SHA256 (RFC 2104) for a key of at most 64 bytes, as octal escapes for
 * `%b` of the shell's printf, one per line. They stand for the key and are as secret: they travel on stdin.
 */
export const hmacPads = (key: Uint8Array): string => {
  if (key.length > BLOCK) throw new Error(`the key has ${key.length} bytes; at most ${BLOCK} fit`);
  return `${pad(key, 0x36)}\n${pad(key, 0x5c)}\n`;
};
