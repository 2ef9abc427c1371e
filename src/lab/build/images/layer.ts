import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Header, type Pack, pack } from 'tar-stream';
import { unreachable } from '../../../core/unreachable.js';
import type { ImageEntry } from './entry.js';

/** A layer on disk. */
export interface Layer {
  readonly path: string;
  /** SHA-256 of the uncompressed tar, hexadecimal: the layer's identity (diff_id). */
  readonly digest: string;
  readonly size: number;
}

const EPOCH = new Date(0);

/** What is left out gets tar's defaults. */
type TarHeader = Partial<Header> & { readonly name: string };

const header = (entry: ImageEntry, size: number): TarHeader => {
  const common = { name: entry.path, mtime: EPOCH, uid: 0, gid: 0, uname: '', gname: '' };
  switch (entry.kind) {
    case 'file':
    case 'text':
      return { ...common, type: 'file', mode: entry.mode, size };
    case 'directory':
      return { ...common, name: `${entry.path}/`, type: 'directory', mode: entry.mode };
    case 'link':
      return { ...common, type: 'symlink', mode: 0o777, linkname: entry.target };
    default:
      return unreachable(entry);
  }
};

/** Adds a file of any size to a tar without holding it in memory. */
export const addFile = async (tar: Pack, headers: TarHeader, from: string): Promise<void> => {
  const entry = tar.entry(headers);
  await pipeline(createReadStream(from), entry);
};

const addEntry = async (tar: Pack, entry: ImageEntry): Promise<void> => {
  if (entry.kind === 'file') return addFile(tar, header(entry, (await stat(entry.from)).size), entry.from);
  const text = entry.kind === 'text' ? entry.text : '';
  const headers = header(entry, Buffer.byteLength(text));
  if (entry.kind === 'text') tar.entry(headers, text);
  else tar.entry(headers);
};

/** Directories come before what they hold, whatever the order of the recipe. */
const byPath = (a: ImageEntry, b: ImageEntry): number => (a.path < b.path ? -1 : Number(a.path > b.path));

const fill = async (tar: Pack, entries: readonly ImageEntry[]): Promise<void> => {
  for (const entry of [...entries].sort(byPath)) await addEntry(tar, entry);
  tar.finalize();
};

/** Writes entries as one uncompressed layer, in the order of their paths. */
export const writeLayer = async (entries: readonly ImageEntry[], path: string): Promise<Layer> => {
  const tar = pack();
  const hash = createHash('sha256');
  let size = 0;
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      size += chunk.length;
      done(null, chunk);
    },
  });
  const filled = fill(tar, entries).catch((error: unknown) => {
    tar.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  await pipeline(tar, measure, createWriteStream(path));
  await filled;
  return { path, digest: hash.digest('hex'), size };
};
