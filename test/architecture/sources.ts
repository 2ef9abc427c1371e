import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

export const ROOT = join(import.meta.dirname, '..', '..');

export interface Source {
  /** Relative to the repository. */
  readonly path: string;
  readonly text: string;
  readonly lines: number;
}

const read = (path: string): Source => {
  const text = readFileSync(join(ROOT, path), 'utf8');
  return { path, text, lines: text.split('\n').length - 1 };
};

/** All files below a folder with these endings, generated and installed ones aside. */
export const filesBelow = (folder: string, ends: readonly string[]): readonly Source[] =>
  readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && ends.some((end) => entry.name.endsWith(end)))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
    .filter((path) => !path.includes('node_modules/'))
    .map(read);

export const sources = filesBelow('src', ['.ts']);

/** What a file imports from within src, as paths relative to the repository; dynamic and type imports count. */
export const importsOf = ({ path, text }: Source): readonly string[] =>
  [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map((match) =>
    relative(ROOT, join(ROOT, dirname(path), (match[1] ?? '').replace(/\.js$/, '.ts'))),
  );
