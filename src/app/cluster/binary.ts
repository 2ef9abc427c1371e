import { createHash } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import { SAMPLE } from '../../facts/collectors/files.js';

/** The digest that the files collector prints for large files: first and last MiB and the size. */
export const sampledOf = async (path: string): Promise<string> => {
  const { size } = await stat(path);
  const file = await open(path);
  try {
    const head = Buffer.alloc(Math.min(SAMPLE, size));
    const tail = Buffer.alloc(Math.min(SAMPLE, size));
    await file.read(head, 0, head.length, 0);
    await file.read(tail, 0, tail.length, size - tail.length);
    return `sampled:${createHash('sha256').update(head).update(tail).update(`${size}\n`).digest('hex')}`;
  } finally {
    await file.close();
  }
};
