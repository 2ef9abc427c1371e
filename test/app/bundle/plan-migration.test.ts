import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runExport } from '../../../src/app/bundle/export.js';
import { type MigrationPlanRequest, planMigration } from '../../../src/app/bundle/plan-migration.js';
import type { BundleTools } from '../../../src/app/bundle/tools.js';
import type { CommandContext } from '../../../src/cli/command.js';
import { run as showPlan } from '../../../src/cli/commands/plan-show.run.js';
import { savePlan } from '../../../src/cli/save-plan.js';
import type { DroverErrors } from '../../../src/core/error.js';
import type { DroverEvent } from '../../../src/core/events/event.js';
import type { KubeObject } from '../../../src/core/ports/kube.js';
import { err, ok } from '../../../src/core/result.js';
import { comparePlans } from '../../../src/plan/compare.js';
import { type Plan, planSchema } from '../../../src/plan/model.js';
import { movedSince } from '../../../src/plan/stale.js';
import { planMarkdown } from '../../../src/report/plan-markdown.js';
import { planText } from '../../../src/report/plan-text.js';
import { loadMigration } from '../../../src/spec/migration.js';
import { systemClock } from '../../../src/system/clock.js';
import { systemFiles } from '../../../src/system/files.js';
import { systemRandom } from '../../../src/system/random.js';
import { person } from '../../bundle/support/age.js';
import { type ApiServer, apiServer } from '../../bundle/support/api/server.js';
import { object, secret } from '../../bundle/support/objects.js';
import { roomyNode } from '../../bundle/target/asking.js';

const whole = (apiVersion: string, kind: string, name: string, more: object = {}): KubeObject => ({
  apiVersion,
  kind,
  metadata: { name },
  ...more,
});
const pod = (name: string, image: string): object => ({ containers: [{ name, image }] });
const deployment = (name: string, more: object = {}): KubeObject =>
  object('apps/v1', 'Deployment', name, {
    spec: { replicas: 2, template: { metadata: { labels: { app: name } }, spec: pod(name, 'nginx:1') } },
    ...more,
  });

let folder: string;
let source: ApiServer;
let target: ApiServer;
let tools: BundleTools;
let events: DroverEvent[];

const spec = (more: string): string => `apiVersion: drover/v1
kind: Migration
metadata: {name: move}
spec:
  source: {context: a}
  target: {context: b}
${more}`;

const request = async (more = '', ignore: readonly string[] = []): Promise<MigrationPlanRequest> => {
  const file = join(folder, 'migration.yaml');
  await writeFile(file, spec(more));
  const loaded = await loadMigration({ file, cwd: folder, files: systemFiles, env: {} });
  if (!loaded.ok) throw new Error(loaded.error[0].message);
  return { migration: loaded.value, realm: 'real', liveFolder: join(folder, 'live'), ignore };
};

const exported = async (): Promise<void> => {
  const { migration } = await request();
  const { select, secrets, bundle } = migration.spec;
  const asked = { source: { context: 'a' }, target: undefined, folder: bundle, ...select };
  const done = await runExport({ ...asked, recipients: secrets.recipients }, tools);
  if (!done.ok) throw new Error(done.error[0].message);
};

const planned = async (more = '', ignore: readonly string[] = []): Promise<Plan> => {
  const made = await planMigration(await request(more, ignore), tools);
  if (!made.ok) throw new Error(made.error.map(({ code, message }) => `${code}: ${message}`).join('\n'));
  return made.value.plan;
};

const refused = async (more = '', ignore: readonly string[] = []): Promise<DroverErrors> => {
  const made = await planMigration(await request(more, ignore), tools);
  if (made.ok) throw new Error('a plan was made');
  return made.error;
};

const style = { color: false, unicode: true, columns: 100 };
const text = (plan: Plan): string =>
  planText(style, plan, { full: false, next: 'drover restore -f migration.yaml' });
const steady = (plan: Plan): string => text(plan).replaceAll(/[0-9a-f]{12}/g, 'DIGEST');

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drover-plan-'));
  source = apiServer('a');
  target = apiServer('b');
  target.put(roomyNode);
  events = [];
  const own = await person();
  tools = {
    connect: ({ context }) => {
      const server = [source, target].find(({ kube }) => kube.target.context === context);
      return Promise.resolve(
        server === undefined
          ? err({
              code: 'cluster-access',
              message: `there is no way to the cluster of context ${context ?? ''}`,
            })
          : ok(server.kube),
      );
    },
    keyWrap: () => own.wrap,
    registry: { ask: () => Promise.resolve({ kind: 'unknown', detail: 'offline' }) },
    clock: { ...systemClock, now: () => Date.parse('2026-11-21T08:00:00Z') },
    random: systemRandom,
    files: systemFiles,
    env: {},
    emit: (event) => events.push(event),
    signal: new AbortController().signal,
    tool: '1.0.0',
  };
  source.put(whole('v1', 'Namespace', 'shop'));
  source.put(deployment('web'));
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) source.put(secret(name, { key: `hidden-${name}` }));
  source.put(
    object('batch/v1', 'CronJob', 'nightly', {
      spec: { jobTemplate: { spec: { template: { spec: pod('n', 'x') } } } },
    }),
  );
  source.put(object('networking.k8s.io/v1', 'Ingress', 'web', { spec: { ingressClassName: 'traefik' } }));
  target.put(whole('networking.k8s.io/v1', 'IngressClass', 'nginx'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const TRANSFORMS = `  transforms:
    - {change: ingress-class, from: traefik, to: nginx}
    - {change: image-registry, from: docker.io, to: mirror.example}
    - {change: storage-class, from: fast, to: slow}
`;

describe('a plan of a migration', () => {
  it('shows objects in waves and groups, transforms with counts, and what was found', async () => {
    await exported();
    target.put(whole('v1', 'Namespace', 'shop'));
    const plan = await planned(TRANSFORMS);
    expect(planSchema.parse(plan)).toEqual(plan);
    expect(steady(plan)).toMatchSnapshot();
    expect(planMarkdown(plan, 'drover restore').replaceAll(/[0-9a-f]{12}/g, 'DIGEST')).toMatchSnapshot();
  });

  it('takes what another namespace would take for one that comes along; each wave knows what those before it left', async () => {
    await exported();
    const plan = await planned(`${TRANSFORMS}  restore: {replicas: zero}\n`);
    const [stage] = plan.stages;
    expect(stage?.actions.map(({ id, after }) => [id, after])).toEqual([
      ['objects.restore/namespaces', []],
      ['objects.restore/configuration', ['objects.restore/namespaces']],
      ['objects.restore/workloads', ['objects.restore/configuration']],
      ['objects.restore/jobs', ['objects.restore/workloads']],
      ['objects.restore/routes', ['objects.restore/jobs']],
      ['objects.restore/once-more', ['objects.restore/routes']],
    ]);
    expect(stage?.actions[2]?.params).toMatchObject({
      left: [
        { from: 'objects.restore/namespaces', output: 'left' },
        { from: 'objects.restore/configuration', output: 'left' },
      ],
      objects: [{ key: 'shop/Deployment.apps/web', verdict: 'create' }],
    });
  });

  it('changes nothing on the target and holds no secret', async () => {
    await exported();
    const version = target.store.version();
    const plan = JSON.stringify(await planned(TRANSFORMS));
    expect(target.store.version()).toBe(version);
    for (const name of ['a', 'g']) {
      expect(plan).not.toContain(`hidden-${name}`);
      expect(plan).not.toContain(Buffer.from(`hidden-${name}`).toString('base64'));
    }
  });

  it('is the same plan for the same world, and names what moved otherwise', async () => {
    await exported();
    const first = await planned(TRANSFORMS);
    expect(movedSince(first, await planned(TRANSFORMS))).toEqual([]);
    target.put(whole('v1', 'Namespace', 'shop'));
    const there = await planned(TRANSFORMS);
    expect(movedSince(first, there).map(({ what }) => what)).toEqual(['target/objects']);
    target.put(whole('networking.k8s.io/v1', 'IngressClass', 'other'));
    expect(movedSince(there, await planned(TRANSFORMS)).map(({ what }) => what)).toEqual(['target/classes']);
    source.put(secret('h', {}));
    await exported();
    const again = movedSince(there, await planned(TRANSFORMS)).map(({ what }) => what);
    expect(again).toContain('bundle');
    const other = TRANSFORMS.replace('mirror.example', 'other.example');
    const moved = movedSince(await planned(TRANSFORMS), await planned(other)).map(({ what }) => what);
    expect(moved).toEqual(['spec', 'transforms']);
  });

  it('counts what the target has already, and writes only the rest', async () => {
    await exported();
    target.put(whole('v1', 'Namespace', 'shop'));
    for (const each of source.store.all({ group: '', version: 'v1', plural: 'secrets' })) {
      const { uid, resourceVersion, managedFields, creationTimestamp, generation, ...metadata } =
        each.metadata;
      target.put({ ...each, metadata });
    }
    const plan = await planned(TRANSFORMS);
    expect(plan.unchanged).toEqual({ 'objects.restore': 8 });
    const written = plan.stages.flatMap(({ actions }) => actions).flatMap(({ changes }) => changes);
    expect(written.map(({ kind, what }) => `${kind} ${what}`)).toEqual([
      'add shop/Deployment.apps/web',
      'add shop/CronJob.batch/nightly',
      'add shop/Ingress.networking.k8s.io/web',
      'run objects that earlier waves left, if there are any',
    ]);
  });

  it('reads the source as it is now when there is no bundle, and keeps it for the restore', async () => {
    const first = await planned(TRANSFORMS);
    source.put(
      object('v1', 'Pod', 'moving', {
        metadata: { ownerReferences: [{ kind: 'Job', name: 'j', uid: 'x', controller: true }] },
      }),
    );
    expect(movedSince(first, await planned(TRANSFORMS))).toEqual([]);
    expect(await readFile(join(folder, 'live', 'bundle.json'), 'utf8')).not.toContain('hidden');
    source.put(secret('new', {}));
    expect(movedSince(first, await planned(TRANSFORMS)).map(({ what }) => what)).toContain('bundle');
  });
});

it('asks again when the API was only busy', async () => {
  await exported();
  target.put(whole('v1', 'Namespace', 'shop'));
  const asked = new Map<string, number>();
  target.failing = ({ verb, ref }) => {
    const name = ref.resource?.plural ?? '';
    if (verb !== 'create' || name !== 'deployments') return undefined;
    asked.set(name, (asked.get(name) ?? 0) + 1);
    return asked.get(name) === 1
      ? { kind: 'too-many-requests', status: 429, message: 'slow down', causes: [], retryAfterMs: 1 }
      : undefined;
  };
  const plan = await planned(TRANSFORMS);
  expect(asked.get('deployments')).toBe(2);
  expect(JSON.stringify(plan.stages)).toContain('shop/Deployment.apps/web');
});

it('can be saved, shown again with the command that restores it, and compared', async () => {
  await exported();
  const plan = await planned(TRANSFORMS);
  const printed: string[] = [];
  const context = {
    cwd: folder,
    style,
    print: (out: string) => printed.push(out),
  } as unknown as CommandContext;
  expect(await savePlan(plan, 'plan.json', folder)).toBeUndefined();
  expect(await savePlan(plan, 'nowhere/plan.json', join(folder, 'migration.yaml'))).toMatchObject({
    code: 'plan-not-written',
  });
  expect(await showPlan({ positionals: ['plan.json'], flags: {} }, context)).toEqual({ exit: 'ok' });
  expect(printed.join('')).toBe(text(plan).replace('-f migration.yaml', 'plan.json'));
  const other = await planned(TRANSFORMS.replace('mirror.example', 'other.example'));
  expect(comparePlans(plan, plan)).toEqual([]);
  expect(comparePlans(plan, other)).toEqual([{ kind: 'carried', members: ['transforms'] }]);
  expect(movedSince(plan, other)).not.toEqual([]);
});

describe('no plan is made', () => {
  const CLASS = `  transforms: [{change: replicas, to: 2}]\n`;

  it('while errors stand against it; each is told, and --ignore is recorded', async () => {
    await exported();
    const [error] = await refused(CLASS);
    expect(error).toMatchObject({
      code: 'migration-refused',
      message: '1 error stands against it, so no plan was made: target-class-missing',
      state: 'nothing was changed',
    });
    expect(events.flatMap((event) => (event.type === 'diagnostic' ? [event.error.code] : []))).toContain(
      'target-class-missing',
    );
    const plan = await planned(CLASS, ['target-class-missing']);
    expect(plan.ignored).toEqual(['target-class-missing']);
  });

  it('leaves out what cannot be written at all, once that was ignored', async () => {
    source.store.kinds.push({
      group: 'x.example',
      version: 'v1',
      kind: 'Lost',
      plural: 'losts',
      namespaced: true,
      verbs: ['get', 'list', 'create'],
      preferred: true,
    });
    source.put(object('x.example/v1', 'Lost', 'one'));
    await exported();
    expect((await refused(TRANSFORMS))[0].message).toContain('target-kind-missing');
    const plan = await planned(TRANSFORMS, ['target-kind-missing']);
    expect(plan.carries?.refused).toEqual(['shop/Lost.x.example/one']);
    expect(text(plan)).toContain('! shop/Lost.x.example/one: left out');
    expect(JSON.stringify(plan.stages)).not.toContain('Lost');
  });

  it('from a bundle that was changed, is cut short, or that this identity cannot open', async () => {
    await exported();
    const index = join(folder, 'bundle', 'bundle.json');
    const whole_ = await readFile(index, 'utf8');
    await writeFile(index, whole_.slice(0, 200));
    expect(await refused()).toMatchObject([{ code: 'bundle-unreadable' }]);
    await writeFile(index, whole_);
    const file = join(folder, 'bundle', 'namespaces', 'shop', 'Secret', 'a.yaml');
    const before = await readFile(file, 'utf8');
    await writeFile(file, before.replace('name: a', 'name: z'));
    expect(await refused()).toMatchObject([{ code: 'bundle-tampered' }]);
    await writeFile(file, before);
    const stranger = await person();
    tools = { ...tools, keyWrap: () => stranger.wrap };
    expect(await refused()).toMatchObject([{ code: 'bundle-key' }]);
  });

  it('against another cluster than the spec pins, one that is unreachable, or a context that is unknown', async () => {
    await exported();
    const asked = await request();
    const to = (access: object): MigrationPlanRequest => ({
      ...asked,
      migration: { ...asked.migration, spec: { ...asked.migration.spec, target: access } },
    });
    const wrong = await planMigration(
      to({ context: 'b', uid: '00000000-0000-4000-8000-000000000000' }),
      tools,
    );
    expect(wrong).toMatchObject({ ok: false, error: [{ code: 'cluster-identity' }] });
    const nowhere = await planMigration(to({ context: 'nowhere' }), tools);
    expect(nowhere).toMatchObject({ ok: false, error: [{ code: 'cluster-access' }] });
    target.failing = () => ({ kind: 'unreachable', message: 'connect ECONNREFUSED', causes: [] });
    expect(await refused()).toMatchObject([{ code: 'kube-unreachable', state: 'nothing was changed' }]);
  });

  it('without a value that the spec requires', async () => {
    await exported();
    const more = `${TRANSFORMS}  secrets: {required: [{namespace: shop, secret: a, key: other}]}\n`;
    expect(await refused(more)).toMatchObject([{ code: 'secret-input' }]);
  });
});
