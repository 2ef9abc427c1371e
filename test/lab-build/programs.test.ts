import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { IMAGE_RECIPES, imageReferences } from '../../src/lab/build/images/recipes.js';
import { SOURCES } from '../../src/lab/build/paths.js';
import { GO_PROGRAMS } from '../../src/lab/build/programs.js';

const components = GO_PROGRAMS.filter(({ folder }) => folder.startsWith('components/'));

describe('the table of programs', () => {
  it.each(components)('says the same version of $name as its go.mod', async ({ folder, main, version }) => {
    const goMod = await readFile(join(SOURCES, folder, 'go.mod'), 'utf8');
    const [, path = '', pinned = ''] =
      [...goMod.matchAll(/^\t(\S+) v(\S+)/gm)].find(
        ([, module = '']) => main === module || main.startsWith(`${module}/`),
      ) ?? [];
    expect(path).not.toBe('');
    expect(pinned).toBe(version);
    expect(goMod).toContain(`tool ${main}\n`);
  });

  it('says the same Kubernetes version as the engine', async () => {
    const versions = JSON.parse(await readFile(join(SOURCES, 'engine', 'versions.json'), 'utf8')) as {
      default: string;
      lines: Record<string, { kubernetes: string }>;
    };
    const engine = GO_PROGRAMS.find(({ name }) => name === 'k3s');
    expect(engine?.version).toBe(versions.lines[versions.default]?.kubernetes);
  });

  it('has a program for every image that carries one, and a reference whose tag is its version', async () => {
    const references = await imageReferences(SOURCES);
    if (!references.ok) throw new Error(references.error.cause);
    expect(Object.keys(references.value).sort()).toEqual(IMAGE_RECIPES.map(({ name }) => name).sort());
    for (const { name, program } of IMAGE_RECIPES.filter(
      (recipe) => recipe.program !== undefined && recipe.name !== 'pause',
    )) {
      const version = GO_PROGRAMS.find((one) => one.name === program)?.version;
      expect(references.value[name]?.replace(/.*:v?/, '')).toBe(version);
    }
  });
});
