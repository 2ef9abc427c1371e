import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readManifestFiles } from '../../../src/app/policy/read-files.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drover-policy-'));
  await mkdir(join(folder, 'deploy', 'web'), { recursive: true });
  const pod = (name: string): string => `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name} }\n`;
  await writeFile(join(folder, 'deploy', 'b.yml'), pod('b'));
  await writeFile(join(folder, 'deploy', 'web', 'a.yaml'), pod('a'));
  await writeFile(join(folder, 'deploy', 'readme.md'), 'not: { yaml');
});
afterAll(() => rm(folder, { recursive: true }));

it('reads folders with everything below them, and names files as they were given', async () => {
  const { objects, errors } = await readManifestFiles(folder, ['deploy']);
  expect(errors).toEqual([]);
  expect(objects.map(({ object, locate }) => [object.metadata.name, locate?.([]).file])).toEqual([
    ['b', join('deploy', 'b.yml')],
    ['a', join('deploy', 'web', 'a.yaml')],
  ]);
});

it('says which file cannot be read, and reads the others', async () => {
  const { objects, errors } = await readManifestFiles(folder, ['nowhere', 'deploy/b.yml']);
  expect(objects).toHaveLength(1);
  expect(errors).toMatchObject([{ code: 'manifest-unreadable', message: 'nowhere cannot be read' }]);
});
