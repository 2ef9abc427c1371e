import { cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { idOf, idText, kindName } from '../../src/bundle/model/object-id.js';
import { canonicalJson } from '../../src/core/canonical.js';
import type { Kube, KubeObject } from '../../src/core/ports/kube.js';
import { drover, type Ended } from './support/cli.js';
import { CONFIG_MAPS, kubeOf, value } from './support/cluster.js';
import { commandsOf, runLine } from './support/journey.js';
import { startApart } from './support/run-watch.js';
import { type ArgvWatch, findSecrets, watchArgv } from './support/secret-watch.js';
import { tracesOf } from './support/traces.js';

const [OLD, NEW] = ['it-carry-old', 'it-carry-new'];
const EXAMPLE = join(import.meta.dirname, '..', '..', 'examples', 'carry');
const SECRETS = { group: '', version: 'v1', plural: 'secrets' };

let folder: string;
let commands: readonly string[];
let source: Kube;
let target: Kube;
let argv: ArgvWatch;
let begun: number;
let before: Readonly<Record<string, string>>;
const printed: Record<string, Buffer> = {};

beforeAll(async () => {
  begun = Date.now();
  folder = await mkdtemp(join(tmpdir(), 'drover-carry-'));
  await cp(EXAMPLE, join(folder, 'examples', 'carry'), {
    recursive: true,
    filter: (path) => !/(\.kubeconfig|\/bundle)$/.test(path),
  });
  for (const name of ['old', 'new']) {
    const path = join(folder, 'examples', 'carry', `${name}.yaml`);
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace(`name: ${name} }`, `name: it-carry-${name} }`));
  }
  commands = await commandsOf('carry-objects.md');
  argv = watchArgv();
});
afterAll(async () => {
  await argv.end();
  for (const kube of [source, target]) kube.close();
  for (const lab of [OLD, NEW]) await drover(['lab', 'down', lab], folder);
  await rm(folder, { recursive: true });
  for (const lab of [OLD, NEW]) expect(await tracesOf(lab)).toEqual([]);
});

/** The next command of the page, which must be this one; what it printed is kept for the search for secrets. */
const run = async (expected: RegExp): Promise<Ended> => {
  const [command = 'the page has no more commands', ...rest] = commands;
  commands = rest;
  expect(command).toMatch(expected);
  const here = command.replaceAll(/(--lab|lab down) (old|new)\b/g, '$1 it-carry-$2');
  const done = await runLine(here, folder);
  printed[`what '${command}' printed`] = Buffer.from(done.stdout + done.stderr);
  return done;
};
const next = async (expected: RegExp): Promise<string> => {
  const done = await run(expected);
  if (done.status !== 0)
    throw new Error(`${expected.source}: ${done.status}\n${done.stdout}\n${done.stderr}`);
  return done.stdout;
};
const unwrapped = (text: string): string => text.replaceAll(/\s+/g, ' ');

/** Kinds that change by themselves all the time. */
const RESTLESS = new Set([
  'Endpoints',
  'EndpointSlice.discovery.k8s.io',
  'Event',
  'Event.events.k8s.io',
  'Lease.coordination.k8s.io',
  'Node',
  'Pod',
]);

/** Everything that a cluster has, each object with its UID and what a person could have written into it. */
const contentOf = async (kube: Kube): Promise<Readonly<Record<string, string>>> => {
  const content: Record<string, string> = {};
  for (const resource of value(await kube.discover())) {
    const isStored = ['list', 'create', 'delete'].every((verb) => resource.verbs.includes(verb));
    if (!isStored || !resource.preferred || RESTLESS.has(kindName(resource))) continue;
    for await (const page of kube.list(resource)) {
      for (const { status, metadata, ...rest } of value(page).items) {
        const { managedFields, resourceVersion, annotations, ...own } = metadata;
        const key = idText(idOf({ metadata, ...rest }));
        content[key] = canonicalJson({ ...rest, metadata: own });
      }
    }
  }
  return content;
};

/** What came, went or changed since the beginning. */
const changes = async (): Promise<readonly string[]> => {
  const now = await contentOf(target);
  return [...new Set([...Object.keys(before), ...Object.keys(now)])].filter(
    (key) => before[key] !== now[key],
  );
};

const object = async (kind: string, plural: string, namespace: string, name: string): Promise<KubeObject> => {
  const [group = '', version = ''] = kind.includes('/') ? kind.split('/') : ['', kind];
  return value(await target.get({ resource: { group, version, plural }, namespace, name }));
};

const RING = ['ring-a', 'ring-b'] as const;

/** Two objects of the source that own each other: neither can be written with its owner there. */
const makeRing = async (): Promise<void> => {
  const place = { resource: CONFIG_MAPS, namespace: 'shop' };
  const made = await Promise.all(
    RING.map(async (name) =>
      value(await source.create(place, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } })),
    ),
  );
  for (const [index, { metadata }] of made.entries()) {
    const { name, uid } = (made[1 - index] as KubeObject).metadata;
    const ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name, uid }];
    const options = { type: 'merge', fieldManager: 'somebody' } as const;
    value(await source.patch({ ...place, name: metadata.name }, { metadata: { ownerReferences } }, options));
  }
};

/** Names of the owners by name, each with the UID of the object of this name. */
const ringIn = async (kube: Kube): Promise<Readonly<Record<string, string | undefined>>> => {
  const there = await Promise.all(
    RING.map(async (name) => value(await kube.get({ resource: CONFIG_MAPS, namespace: 'shop', name }))),
  );
  const nameOf = new Map(there.map(({ metadata }) => [metadata.uid, metadata.name]));
  return Object.fromEntries(
    there.map(({ metadata }) => [
      metadata.name,
      nameOf.get((metadata['ownerReferences'] as readonly { readonly uid: string }[])[0]?.uid ?? ''),
    ]),
  );
};

const isSuspended = async (): Promise<unknown> =>
  ((await object('batch/v1', 'cronjobs', 'shop', 'nightly'))['spec'] as KubeObject)['suspend'];

/** What was restored at rest works again, which is equal to the bundle, too; then that alone is taken back. */
const putBackAndAgain = async (spec: readonly string[]): Promise<void> => {
  const put = await drover(['restore', ...spec, '--put-back', '--yes'], folder);
  expect(put.status, put.stderr).toBe(0);
  expect(await isSuspended()).not.toBe(true);
  const proof = await drover(['verify', '--bundle', 'examples/carry/bundle', ...spec], folder);
  expect(proof.status, proof.stdout + proof.stderr).toBe(0);
  const id = (await runFolders()).at(-1) ?? '';
  const back = await drover(['rollback', id, ...spec, '--yes'], folder);
  expect(back.status, back.stderr).toBe(0);
  expect(await isSuspended()).toBe(true);
};

describe('docs/journeys/carry-objects.md, command by command', () => {
  it('makes two clusters, one of them full of what teams leave behind', async () => {
    for (const expected of [/lab up .*old/, /lab up .*new/, /kubeconfig .*old/, /kubeconfig .*new/])
      await next(expected);
    await next(/^kubectl .*shop\.yaml$/);
    await next(/^sh examples\/carry\/secrets\.sh \| kubectl /);
    await next(/^kubectl .*rollout status deployment\/operator/);
    await next(/^kubectl .*widgets\.yaml$/);
    await next(/^kubectl .*new-classes\.yaml$/);
    [source, target] = [await kubeOf(OLD, folder), await kubeOf(NEW, folder)];
    await makeRing();
    before = await contentOf(target);
    expect(Object.keys(before).length).toBeGreaterThan(50);
  });

  it('exports a bundle that opens', async () => {
    const told = await next(/^npx drover export /);
    expect(told).toMatch(/✓ 31 objects in .*bundle/);
    expect(await next(/^npx drover secrets check /)).toContain('4 Secrets with 7 values, all of them open');
    const page = await readFile(join(folder, 'examples/carry/bundle/README.md'), 'utf8');
    expect(page).toContain('| Widget.shop.example | [large]');
  });

  it('plans with every transform counted, and writes nothing', async () => {
    const plan = unwrapped(await next(/^npx drover plan /));
    expect(plan).toContain('namespace blog → journal: 8 objects');
    expect(plan).toContain('ingress-class traefik → nginx: 1 object');
    expect(plan).toContain('host-name shop.old.example → shop.new.example: 1 object');
    expect(plan).toMatch(/Plan: 29 to create, 0 to change, 2 to be judged/);
    expect(plan.indexOf('shop/Deployment.apps/operator')).toBeLessThan(
      plan.indexOf('shop/Widget.shop.example'),
    );
    expect(plan.indexOf('shop/Widget.shop.example')).toBeLessThan(
      plan.indexOf('ValidatingWebhookConfiguration.admissionregistration.k8s.io/widgets.shop.example'),
    );
    expect(await changes()).toEqual([]);
  });

  it('restores it, and what it carried works over there', async () => {
    await next(/^npx drover restore .*--yes$/);
    const settings = await object('v1', 'configmaps', 'shop', 'settings');
    expect(settings['data']).toEqual({
      'blog.url': 'http://pages.journal.svc.cluster.local:8080/',
      greeting: 'yes',
    });
    const ingress = await object('networking.k8s.io/v1', 'ingresses', 'shop', 'web');
    expect(ingress['spec']).toMatchObject({
      ingressClassName: 'nginx',
      tls: [{ hosts: ['shop.new.example'] }],
    });
    expect(await isSuspended()).toBe(true);
    expect(await ringIn(target)).toEqual({ 'ring-a': 'ring-b', 'ring-b': 'ring-a' });
    // The operator's webhook judges here, too.
    const widgets = { group: 'shop.example', version: 'v1', plural: 'widgets' };
    const widget = {
      apiVersion: 'shop.example/v1',
      kind: 'Widget',
      metadata: { name: 'none' },
      spec: { size: 0 },
    };
    const refused = await target.create({ resource: widgets, namespace: 'shop' }, widget);
    expect(refused).toMatchObject({
      ok: false,
      error: { message: expect.stringContaining('must be positive') as string },
    });
  });

  it('proves that the target is what the bundle says; a change is told, and its place', async () => {
    const proof = await next(/^npx drover verify --bundle /);
    expect(proof).toMatch(/is as the bundle says: 32 comparisons passed/);
    const foreign = { resource: CONFIG_MAPS, namespace: 'shop' };
    const note = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'by-hand' } };
    value(await target.create(foreign, note));
    const again = await drover(
      ['verify', '--bundle', 'examples/carry/bundle', '-f', 'examples/carry/migration.yaml', '-o', 'json'],
      folder,
    );
    expect(again.status).toBe(3);
    expect((JSON.parse(again.stdout) as { readonly differences: unknown }).differences).toEqual([
      { object: 'shop/ConfigMap/by-hand', problem: 'object-added' },
    ]);
    value(await target.delete({ ...foreign, name: 'by-hand' }));
  });

  it('takes it all back: the new cluster is as before', async () => {
    await next(/^npx drover rollback .*--yes$/);
    expect(await changes()).toEqual([]);
  });

  it('is killed at five points and gone on with: the same end, and the same way back', async () => {
    const spec = ['-f', 'examples/carry/migration.yaml'];
    const [undisturbed = ''] = await runFolders();
    const length = (await journalOf(undisturbed)).length;
    const known = await runFolders();
    let id: string | undefined;
    for (const part of [0.06, 0.21, 0.38, 0.57, 0.83]) {
      const args = id === undefined ? ['--yes'] : ['--resume', id];
      const life = startApart(['restore', ...spec, ...args], folder);
      await expect
        .poll(
          async () => {
            id ??= (await runFolders()).find((name) => !known.includes(name));
            return id === undefined ? 0 : (await journalOf(id)).length;
          },
          { timeout: 300_000, interval: 5 },
        )
        .toBeGreaterThanOrEqual(Math.floor(length * part));
      await life.kill();
    }
    const resumed = await drover(['restore', ...spec, '--resume', id ?? ''], folder);
    expect(resumed.status, resumed.stderr).toBe(0);
    expect(resumed.stderr).toContain('all 16 actions done and proven');
    const proof = await drover(['verify', '--bundle', 'examples/carry/bundle', ...spec], folder);
    expect(proof.status, proof.stdout + proof.stderr).toBe(0);
    await putBackAndAgain(spec);
    const back = await drover(['rollback', id ?? '', ...spec, '--yes'], folder);
    expect(back.status, back.stderr).toBe(0);
    expect(await changes()).toEqual([]);
  });

  it('left no byte of a secret anywhere: files, journals, argv, temporary files, output', async () => {
    const found = await secretsOf(source);
    expect(Object.keys(found)).toHaveLength(4);
    const lines = await argv.end();
    expect(lines.length).toBeGreaterThan(5);
    const texts: Record<string, Uint8Array> = { ...printed };
    for (const [index, line] of lines.entries()) texts[`argv ${index}`] = line;
    for (const root of [folder, ...(await newIn(tmpdir()))])
      for (const path of await filesBelow(root)) texts[path] = await readFile(path);
    expect(Object.keys(texts).some((path) => path.endsWith('journal.jsonl'))).toBe(true);
    expect(findSecrets(texts, found)).toEqual([]);
  });

  it('and goes', async () => {
    await next(/^npx drover lab down old$/);
    await next(/^npx drover lab down new$/);
    expect(commands).toEqual([]);
  });
});

/** What must never be seen: all values but those that are no secrets. */
const secretsOf = async (kube: Kube): Promise<Readonly<Record<string, Buffer>>> => {
  const found: Record<string, Buffer> = {};
  for await (const page of kube.list(SECRETS, { namespace: 'shop' })) {
    const values = value(page).items.flatMap(({ metadata, data }) =>
      Object.entries(data as Record<string, string>).map(
        ([key, text]) => [metadata.name, key, text] as const,
      ),
    );
    for (const [name, key, text] of values)
      if (key !== 'tls.crt' && key !== 'USER') found[`${name} ${key}`] = Buffer.from(text, 'base64');
  }
  return found;
};

const filesBelow = async (root: string): Promise<readonly string[]> => {
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
};

/** Drover's own files and folders there that are not older than this test. */
const newIn = async (root: string): Promise<readonly string[]> => {
  const names = (await readdir(root)).filter((name) => name.startsWith('drover'));
  const made = await Promise.all(
    names.map(async (name) => {
      const found = await stat(join(root, name)).catch(() => undefined);
      return found !== undefined && found.mtimeMs >= begun ? [join(root, name)] : [];
    }),
  );
  return made.flat();
};

const RUNS = join('.drover', 'runs');

/** Runs of the migration, oldest first. */
const runFolders = async (): Promise<readonly string[]> =>
  (await readdir(join(folder, RUNS)).catch(() => [])).sort();

/** Whole lines of a run's journal. */
const journalOf = async (id: string): Promise<readonly string[]> =>
  (await readFile(join(folder, RUNS, id, 'journal.jsonl'), 'utf8').catch(() => '')).split('\n').slice(0, -1);
