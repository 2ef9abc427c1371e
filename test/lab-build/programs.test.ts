import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { IMAGE_RECIPES, imageReferences } from '../../src/lab/build/images/recipes.js';
import { SOURCES } from '../../src/lab/build/paths.js';
import { goPrograms } from '../../src/lab/build/programs.js';
import { engineLine, VERSIONS } from '../../src/lab/build/versions.js';

const line = engineLine(undefined);
if (!line.ok) throw new Error(line.error.message);
const PROGRAMS = goPrograms(line.value);
const components = PROGRAMS.filter(({ folder }) => folder.startsWith('components/'));

describe('the table of programs', () => {
  it.each(components)('says the same version of $name as its go.mod', async ({ folder, main, version }) => {
    const goMod = await readFile(join(SOURCES, folder, 'go.mod'), 'utf8');
    const [, path = '', pinned = ''] =
      [...goMod.matchAll(/^\t(\S+) v(\S+)/gm)].find(
        ([, module = '']) => main === module || main.startsWith(`${module}/`),
      ) ?? [];
    expect(path).not.toBe('');
    // Prometheus' modules are numbered 0.315.0 where the program is 3.15.0.
    expect(pinned.replace(/^0\.3(\d\d)\./, '3.$1.')).toBe(version);
    expect(goMod).toMatch(new RegExp(`^(tool |\\t)${main}$`, 'm'));
  });

  it('has the collector of logs made of parts of the version that it says', async () => {
    const { version, folder = '' } = PROGRAMS.find(({ name }) => name === 'otelcol') ?? {};
    const goMod = await readFile(join(SOURCES, folder, 'go.mod'), 'utf8');
    const own = [...goMod.matchAll(/^\tgithub.com\/open-telemetry\/\S+contrib\/\S+ v(\S+)$/gm)];
    expect(own.length).toBeGreaterThan(2);
    expect(new Set(own.map(([, pinned]) => pinned))).toEqual(new Set([version]));
    expect(goMod).toContain(`go.opentelemetry.io/collector/otelcol v${version}\n`);
  });

  it.each(Object.keys(VERSIONS.lines))(
    'has the modules of line %s, of the releases that the table names',
    async (name) => {
      const found = engineLine(name);
      const { kubernetes, etcd, flannel } = VERSIONS.lines[name] ?? {};
      const modfile = found.ok ? found.value.modfile : '';
      const modules = await readFile(join(SOURCES, 'engine', modfile), 'utf8');
      expect(modules).toContain(`k8s.io/kubernetes v${kubernetes}\n`);
      expect(modules).toContain(`go.etcd.io/etcd/server/v3 v${etcd}\n`);
      expect(modules).toContain(`github.com/flannel-io/flannel v${flannel}\n`);
      const sums = await readFile(join(SOURCES, 'engine', modfile.replace(/\.mod$/, '.sum')), 'utf8');
      expect(sums).toContain(`k8s.io/kubernetes v${kubernetes} h1:`);
    },
  );

  it('has a program for every image that carries one, and a reference whose tag is its version', async () => {
    const references = await imageReferences(SOURCES);
    if (!references.ok) throw new Error(references.error.cause);
    expect(Object.keys(references.value).sort()).toEqual(IMAGE_RECIPES.map(({ name }) => name).sort());
    for (const { name, program } of IMAGE_RECIPES.filter(
      (recipe) => recipe.program !== undefined && recipe.name !== 'pause',
    )) {
      const version = PROGRAMS.find((one) => one.name === program)?.version;
      expect(references.value[name]?.replace(/.*:v?/, '')).toBe(version);
    }
  });
});
