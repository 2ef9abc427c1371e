import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { generatedFiles } from '../../src/cli/generated.js';
import { ROOT } from './sources.js';

it.each(generatedFiles.map((file) => [file.path, file] as const))(
  '%s is what `npm run generate` would write',
  async (path, { render }) => {
    expect(await readFile(join(ROOT, path), 'utf8')).toBe(await render());
  },
);
