import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ok } from '../../src/core/result.js';
import { writeImage } from '../../src/lab/build/images/archive.js';
import { type BuiltImage, buildImage } from '../../src/lab/build/images/build.js';
import { busyboxEntries } from '../../src/lab/build/images/busybox.js';
import { IMAGE_RECIPES, imageReferences } from '../../src/lab/build/images/recipes.js';
import { SOURCES } from '../../src/lab/build/paths.js';
import { type BuiltProgram, buildProgram } from '../../src/lab/build/program.js';
import { goPrograms } from '../../src/lab/build/programs.js';
import { engineLine } from '../../src/lab/build/versions.js';
import type { LabContext } from '../../src/lab/context.js';
import { labPaths } from '../../src/lab/paths.js';
import { readState } from '../../src/lab/state/store.js';
import { systemClock } from '../support/ports.js';
import { drover, must, onHost, specFolder } from './support/cli.js';
import { labTransport } from './support/transport.js';

const LAB = 'it-build';
const NAMES = ['pause', 'probe', 'busybox'];

const value = <T>(result: { ok: true; value: T } | { ok: false; error: unknown }): T => {
  if (result.ok) return result.value;
  throw new Error(JSON.stringify(result.error, null, 2));
};

const context: LabContext = {
  env: process.env,
  emit: () => undefined,
  clock: systemClock,
  signal: new AbortController().signal,
};

let folder: string;
let tree: string;
let images: readonly BuiltImage[];
beforeAll(async () => {
  folder = await specFolder({ name: LAB, net: '10.78.0', servers: 1, agents: 0 });
  await must(['lab', 'up'], folder);
  tree = value(await readState(labPaths(process.env, LAB)))!.rootfs;
  const programs: BuiltProgram[] = [];
  for (const program of goPrograms(value(engineLine(undefined))).filter(({ name }) => NAMES.includes(name))) {
    programs.push(value(await buildProgram(program, context)));
  }
  const references = value(await imageReferences(SOURCES));
  const parts = {
    references,
    programs,
    rootfs: () => Promise.resolve(ok(tree)),
    rootfsKey: basename(join(tree, '..')),
  };
  const wanted = IMAGE_RECIPES.filter(({ name }) => NAMES.includes(name));
  images = await Promise.all(wanted.map(async (recipe) => value(await buildImage(recipe, parts, context))));
});
afterAll(async () => {
  await drover(['lab', 'down', LAB], folder);
  await rm(folder, { recursive: true });
});

const run = async (command: string): Promise<string> => {
  const done = await onHost(LAB, 'server-1', command, folder);
  if (done.status !== 0) throw new Error(`${command}: ${done.status}\n${done.stderr}`);
  return done.stdout;
};

describe('images of the lab', () => {
  it('are imported and run by containerd on a lab host', async () => {
    await using transport = await labTransport(LAB);
    await run('systemctl start containerd');
    for (const image of images) {
      const data = await readFile(image.path);
      const target = { name: 'server-1', address: '10.78.0.11' };
      const imported = value(
        await transport.run(
          target,
          { text: 'ctr -n k8s.io images import -', data, title: 'import' },
          { timeoutMs: 60_000 },
        ),
      );
      expect(String(imported.stderr)).toBe('');
      expect(imported.status).toBe(0);
    }
    const listed = await run('ctr -n k8s.io images list -q');
    for (const { reference } of images) expect(listed).toContain(reference);
    const busybox = images.find(({ name }) => name === 'busybox')!.reference;
    const shell = await run(
      `ctr -n k8s.io run --rm --snapshotter native ${busybox} t1 sh -c 'echo shell; wget --help 2>&1 | head -1; id -un'`,
    );
    expect(shell).toMatch(/^shell\nBusyBox v1\.37.*\nroot\n?$/);
  });

  it('of busybox has the same bytes when made again', async () => {
    const { reference, path } = images.find(({ name }) => name === 'busybox')!;
    const again = join(folder, 'busybox.tar');
    const recipe = IMAGE_RECIPES.find(({ name }) => name === 'busybox')!;
    const { entrypoint, command } = recipe;
    await writeImage(
      { reference, entries: value(await busyboxEntries(tree)), entrypoint, ...(command && { command }) },
      again,
    );
    const digest = async (file: string) =>
      createHash('sha256')
        .update(await readFile(file))
        .digest('hex');
    expect(await digest(again)).toBe(await digest(path));
  });
});
