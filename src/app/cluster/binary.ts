import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { SAMPLE } from '../../facts/collectors/files.js';
import type { FetchedBinary } from '../../plan/k3s-goals.js';

const digestOf = async (path: string): Promise<string> => {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
};

/** The digest that the files collector prints for large files: first and last MiB and the size. */
const sampledOf = async (path: string): Promise<string> => {
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

/** Describes a K3s binary on the operator's machine, as plans and steps need it. */
export const describeBinary = async (path: string, version: string): Promise<FetchedBinary> => {
  const [sha256, sampled] = await Promise.all([digestOf(path), sampledOf(path)]);
  return { version, local: path, sha256, sampled };
};
