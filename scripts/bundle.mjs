// Makes the programs of dist/ from src/: each with what it imports in a few files, libraries included. Finding and reading a
// thousand small modules takes Node several times as long as what most commands do with them.
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join, posix, relative, resolve } from 'node:path';
import { rolldown } from 'rolldown';

const SOURCE = resolve('src');
const TARGET = 'dist';
const CHUNKS = 'chunks';
const KEPT_MS = 24 * 3_600_000;

/** Programs, what scripts/generate.mjs reads, and the library. */
const isEntry = (path) => /(^|[/.])main\.ts$/.test(path) || ['cli/generated.ts', 'index.ts'].includes(path);
const entries = readdirSync(SOURCE, { recursive: true }).filter(isEntry);

/**
 * Modules read files beside themselves, and find programs there. To each its place is the one that it would have if it had
 * been compiled alone: that is where copy-assets.mjs puts scripts.
 */
const ownPlace = {
  name: 'own-place',
  transform(code, id) {
    if (!id.startsWith(SOURCE) || !code.includes('import.meta.')) return null;
    const place = relative(SOURCE, id);
    return code
      .replaceAll('import.meta.url', `__urlOf("${place}")`)
      .replaceAll('import.meta.dirname', `__folderOf("${posix.dirname(place)}")`);
  },
  renderChunk(code, { fileName }) {
    const from = (path) => posix.relative(posix.dirname(fileName), path);
    return code
      .replaceAll(/__urlOf\("([^"]+)"\)/g, (_, path) => `new URL("${from(path)}", import.meta.url)`)
      .replaceAll(/__folderOf\("([^"]+)"\)/g, (_, path) => `(import.meta.dirname + "/${from(path)}")`);
  },
};

const bundle = await rolldown({
  input: Object.fromEntries(entries.map((path) => [path.replace(/\.ts$/, ''), join(SOURCE, path)])),
  platform: 'node',
  // What does not fit together is told by tsc, which comes next.
  shimMissingExports: true,
  plugins: [ownPlace],
});
await bundle.write({
  dir: TARGET,
  entryFileNames: '[name].js',
  chunkFileNames: `${CHUNKS}/[name]-[hash].js`,
});

// Programs that run since before this build still find their parts, for a day.
for (const name of readdirSync(join(TARGET, CHUNKS))) {
  const path = join(TARGET, CHUNKS, name);
  if (Date.now() - statSync(path).mtimeMs > KEPT_MS) rmSync(path);
}
