import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runExport } from '../../../src/app/bundle/export.js';
import { runMigration } from '../../../src/app/migration/run.js';
import type { KubeObject } from '../../../src/core/ports/kube.js';
import { contentOf } from '../../steps/objects/support/bench.js';
import {
  exportSource,
  goBack,
  inShop,
  migrationRig,
  planOf,
  type Rig,
  restore,
  resume,
  wayBack,
} from './rig.js';

const CANARY = Buffer.from('canary-of-the-restore-4711').toString('base64');
const namespace: KubeObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };
const login = inShop('v1', 'Secret', 'login', { type: 'Opaque', data: { password: CANARY } });
const settings = inShop('v1', 'ConfigMap', 'settings', { data: { mode: 'new' } });
const template = {
  metadata: { labels: { app: 'web' } },
  spec: { containers: [{ name: 'web', image: 'nginx:1' }] },
};
const web = inShop('apps/v1', 'Deployment', 'web', {
  spec: { replicas: 3, selector: { matchLabels: { app: 'web' } }, template },
});
const nightly = inShop('batch/v1', 'CronJob', 'nightly', {
  spec: { schedule: '0 3 * * *', jobTemplate: { spec: { template } } },
});

let rig: Rig;

beforeEach(async () => {
  rig = await migrationRig();
  for (const object of [namespace, login, settings, web, nightly]) rig.source.put(object);
  await exportSource(rig);
});
afterEach(() => rig.dispose());

const specOf = (kind: string, name: string): unknown =>
  rig.target.find(kind === 'CronJob' ? 'batch/v1' : 'apps/v1', kind, name, 'shop')?.['spec'];

/** The lock stays behind as an object that nobody holds. */
const withoutLock = (): Readonly<Record<string, unknown>> => {
  const { 'kube-system/Lease.coordination.k8s.io/drover': _, ...rest } = contentOf(rig.target);
  return rest;
};

const filesBelow = async (folder: string): Promise<readonly string[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

describe('restoring a bundle into another cluster', () => {
  it('writes everything, keeps its journal here, and takes it all back', async () => {
    const before = withoutLock();
    const migration = rig.migration();
    const summary = await restore(rig, migration);
    expect(summary.event.outcome).toBe('done');
    expect(summary.event.back).toBe(`drover rollback ${summary.event.run} -f migration.yaml`);
    expect(rig.target.find('v1', 'Secret', 'login', 'shop')?.['data']).toEqual({ password: CANARY });
    expect(specOf('CronJob', 'nightly')).toMatchObject({ suspend: true });
    const notes = rig.events.flatMap((event) => (event.type === 'note' ? [event.text] : []));
    expect(notes.join('\n')).toContain('the journal is kept here alone');
    expect((await goBack(rig, migration)).event.outcome).toBe('rolled-back');
    expect(withoutLock()).toEqual(before);
    const again = await wayBack(rig, migration);
    expect(again.ok && again.value.plan.stages.flatMap(({ actions }) => actions)).toEqual([]);
  });

  it('writes no secret into any file', async () => {
    rig.target.put(namespace);
    rig.target.put({ ...login, data: { password: Buffer.from('former-4711').toString('base64') } });
    await restore(rig, rig.migration({ restore: { existing: 'update' } }));
    for (const file of await filesBelow(rig.folder)) {
      const text = await readFile(file, 'utf8');
      for (const secret of [
        CANARY,
        'canary-of-the-restore-4711',
        'former-4711',
        Buffer.from('former-4711').toString('base64'),
      ])
        expect(text, file).not.toContain(secret);
    }
  });

  it('changes what is there when told so, by transforms that the plan shows, and puts it back', async () => {
    rig.target.put({ ...namespace, metadata: { name: 'store' } });
    rig.target.put({
      ...settings,
      metadata: { name: 'settings', namespace: 'store' },
      data: { mode: 'old' },
    });
    const before = withoutLock();
    const migration = rig.migration({
      restore: { existing: 'update' },
      transforms: [{ change: 'namespace', from: 'shop', to: 'store' }],
    });
    expect((await restore(rig, migration)).event.outcome).toBe('done');
    expect(rig.target.find('v1', 'ConfigMap', 'settings', 'store')?.['data']).toEqual({ mode: 'new' });
    expect(rig.target.find('v1', 'Secret', 'login', 'store')).toBeDefined();
    expect((await goBack(rig, migration)).event.outcome).toBe('rolled-back');
    expect(withoutLock()).toEqual(before);
  });

  it('restores at rest, puts back later, and takes both back, the newer first', async () => {
    const before = withoutLock();
    const migration = rig.migration({ restore: { replicas: 'zero' } });
    const first = await restore(rig, migration);
    expect(specOf('Deployment', 'web')).toMatchObject({ replicas: 0 });
    const plan = await planOf(rig, migration, true);
    expect(plan.stages[0]?.actions[0]?.changes).toEqual([
      { kind: 'change', what: 'shop/CronJob.batch/nightly', before: 'suspended', after: 'running again' },
      { kind: 'change', what: 'shop/Deployment.apps/web', before: '0 replicas', after: '3 replicas' },
    ]);
    expect((await restore(rig, migration, true)).event.outcome).toBe('done');
    expect(specOf('Deployment', 'web')).toMatchObject({ replicas: 3 });
    expect(specOf('CronJob', 'nightly')).toMatchObject({ suspend: false });
    expect((await planOf(rig, migration, true)).stages[0]?.actions).toEqual([]);
    const early = await wayBack(rig, migration, { id: first.event.run });
    expect(early.ok ? '' : early.error[0].code).toBe('rollback-newer-run');
    await goBack(rig, migration);
    expect(specOf('Deployment', 'web')).toMatchObject({ replicas: 0 });
    await goBack(rig, migration, { id: first.event.run });
    expect(withoutLock()).toEqual(before);
  });

  it('does not put back what somebody has scaled meanwhile', async () => {
    const migration = rig.migration({ restore: { replicas: 'zero' } });
    await restore(rig, migration);
    const now = rig.target.find('apps/v1', 'Deployment', 'web', 'shop');
    if (now === undefined) throw new Error('no deployment');
    rig.target.put({ ...now, spec: { ...(now['spec'] as object), replicas: 1 } }, 'kubectl-scale');
    await restore(rig, migration, true);
    expect(specOf('Deployment', 'web')).toMatchObject({ replicas: 1 });
  });

  it('goes on with what a refused object left, and says so until it is done', async () => {
    const migration = rig.migration();
    rig.target.invalid = ({ kind, metadata }) =>
      kind === 'ConfigMap' &&
      metadata.namespace === 'shop' &&
      metadata.name === 'settings' &&
      rig.target.find('v1', 'Namespace', 'shop') !== undefined
        ? [{ field: 'data.mode', message: 'is forbidden here' }]
        : [];
    const summary = await restore(rig, migration);
    expect(summary.event).toMatchObject({
      outcome: 'stopped',
      next: `drover restore --resume ${summary.event.run} -f migration.yaml`,
    });
    expect(summary.event.why).toContain('shop/ConfigMap/settings');
    rig.target.invalid = () => [];
    const resumed = await resume(rig, migration);
    expect(resumed.ok && resumed.value.event.outcome).toBe('done');
    expect(rig.target.find('v1', 'ConfigMap', 'settings', 'shop')).toBeDefined();
  });

  it('refuses a target that is another cluster than the one of the plan', async () => {
    const migration = rig.migration();
    const made = await planOf(rig, migration);
    const elsewhere = { ...migration, spec: { ...migration.spec, target: { context: 'a' } } };
    const ended = await runMigration(
      elsewhere,
      { plan: made, concurrency: 4, breakRun: undefined },
      rig.tools,
    );
    expect(ended.ok ? [] : ended.error.map(({ code, message }) => `${code}: ${message}`).join()).toContain(
      'cluster-identity',
    );
    expect(rig.source.calls.filter(({ verb }) => ['create', 'apply', 'patch'].includes(verb))).toEqual([]);
  });

  it('stops when the bundle was exported again since the plan', async () => {
    const migration = rig.migration();
    const plan = await planOf(rig, migration);
    rig.source.put({ ...settings, data: { mode: 'newest' } });
    const { select, secrets, bundle } = migration.spec;
    await runExport(
      {
        source: { context: 'a' },
        target: undefined,
        folder: bundle,
        ...select,
        recipients: secrets.recipients,
      },
      rig.tools.bundle,
    );
    const ended = await runMigration(migration, { plan, concurrency: 4, breakRun: undefined }, rig.tools);
    expect(ended.ok && ended.value.failures.map(({ code }) => code)).toEqual(['objects-other-bundle']);
    expect(rig.target.find('v1', 'Namespace', 'shop')).toBeUndefined();
  });

  it('refuses a second operator by name', async () => {
    const migration = rig.migration();
    const plan = await planOf(rig, migration);
    rig.target.put({
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: {
        name: 'drover',
        namespace: 'kube-system',
        annotations: {
          'drover.dev/owner': 'ann@desk',
          'drover.dev/fencing': '7',
          'drover.dev/paused': 'false',
        },
      },
      spec: { holderIdentity: '20261121-000000-aaaa', renewTime: new Date().toISOString() },
    });
    const ended = await runMigration(migration, { plan, concurrency: 4, breakRun: undefined }, rig.tools);
    expect(ended.ok ? '' : ended.error[0].message).toBe(
      'run 20261121-000000-aaaa of ann@desk holds this cluster',
    );
    expect(rig.target.find('v1', 'Namespace', 'shop')).toBeUndefined();
  });

  it('names what others have changed before it takes anything back', async () => {
    const migration = rig.migration();
    await restore(rig, migration);
    rig.target.put({ ...settings, data: { mode: 'by hand' } }, 'kubectl-edit');
    const made = await wayBack(rig, migration);
    expect(made.ok ? '' : made.error[0].code).toBe('rollback-foreign');
    expect(made.ok ? '' : made.error[0].cause).toContain('shop/ConfigMap/settings');
    expect(rig.target.find('v1', 'Secret', 'login', 'shop')).toBeDefined();
    expect((await goBack(rig, migration, { overwrite: true })).event.outcome).toBe('rolled-back');
    expect(rig.target.find('v1', 'Namespace', 'shop')).toBeUndefined();
  });

  it('asks for the name of the migration when a volume would go', async () => {
    rig.source.put(
      inShop('v1', 'PersistentVolumeClaim', 'data', {
        spec: { resources: { requests: { storage: '1Gi' } } },
      }),
    );
    await exportSource(rig);
    const migration = rig.migration();
    await restore(rig, migration);
    const claim = rig.target.find('v1', 'PersistentVolumeClaim', 'data', 'shop');
    if (claim === undefined) throw new Error('no claim');
    rig.target.put({ ...claim, status: { phase: 'Bound' } }, 'kube-controller-manager');
    const made = await wayBack(rig, migration);
    if (!made.ok) throw new Error(made.error[0].message);
    const losses = made.value.plan.stages.flatMap(({ actions }) =>
      actions.flatMap(({ undo }) => (undo.kind === 'irreversible' ? [undo.reason] : [])),
    );
    expect(losses).toEqual(['deletes the volumes of shop/PersistentVolumeClaim/data']);
    expect((await goBack(rig, migration)).event.outcome).toBe('rolled-back');
    expect(rig.target.find('v1', 'PersistentVolumeClaim', 'data', 'shop')).toBeUndefined();
  });
});
