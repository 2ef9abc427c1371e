import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';

/** SHA-256 of a file, in hex. */
export const digestOf = async (path: string): Promise<string> => {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
};

const beside = (path: string): string => `${path}.sha256`;

/** Puts a file's digest beside it while its place in the cache is made: later runs need not read hundreds of MiB for it. */
export const keepDigest = async (path: string): Promise<void> => {
  await writeFile(beside(path), `${await digestOf(path)}\n`);
};

/** The digest that was kept, or else of what is there. Hosts check what they get against it. */
export const keptDigest = async (path: string): Promise<string> => {
  const kept = await readFile(beside(path), 'utf8').catch(() => '');
  return /^[0-9a-f]{64}$/.test(kept.trim()) ? kept.trim() : digestOf(path);
};
