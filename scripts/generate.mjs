// Writes the files that derive from declarations in the code (docs, JSON Schemas), or checks that they are fresh.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { generatedFiles } from '../dist/cli/generated.js';

const check = process.argv.includes('--check');
const stale = [];
for (const { path, render } of generatedFiles) {
  const wanted = await render();
  const present = await readFile(path, 'utf8').catch(() => undefined);
  if (present === wanted) continue;
  stale.push(path);
  if (!check) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, wanted);
  }
}

if (check && stale.length > 0) {
  console.error(`stale: ${stale.join(', ')}\nrun: npm run build && npm run generate`);
  process.exitCode = 1;
} else {
  console.log(stale.length === 0 ? 'all generated files are fresh' : `written: ${stale.join(', ')}`);
}
