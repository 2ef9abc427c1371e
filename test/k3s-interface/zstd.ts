/** The largest block of a frame with a window of 128 KiB. */
const BLOCK = 128 * 1024;
/** Magic number, a header without sizes or checksum, a window of 2^(10 + 7) bytes (RFC 8878, 3.1.1). */
const START = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 7 << 3]);

const header = (size: number, last: boolean): Buffer => {
  const bytes = Buffer.alloc(3);
  // The type is 0, a raw block.
  bytes.writeUIntLE((size << 3) | (last ? 1 : 0), 0, 3);
  return bytes;
};

/** Zstandard of raw blocks: not smaller, but what every decoder must read. Node 20 has no encoder. */
export const zstdFrame = (plain: Buffer): Buffer => {
  const count = Math.max(1, Math.ceil(plain.length / BLOCK));
  const blocks = Array.from({ length: count }, (_, i) => {
    const block = plain.subarray(i * BLOCK, (i + 1) * BLOCK);
    return [header(block.length, i === count - 1), block];
  });
  return Buffer.concat([START, ...blocks.flat()]);
};
