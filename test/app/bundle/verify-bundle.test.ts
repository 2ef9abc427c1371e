import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type VerifyBundleRequest, verifyBundle } from '../../../src/app/bundle/verify-bundle.js';
import { exportBundle } from '../../../src/bundle/export/export.js';
import type { DroverEvent } from '../../../src/core/events/event.js';
import type { KeyWrap } from '../../../src/core/ports/key-wrap.js';
import type { KubeObject } from '../../../src/core/ports/kube.js';
import { addEvent, emptyReport } from '../../../src/report/report-state.js';
import { verifyJunit } from '../../../src/report/verify-junit.js';
import { verifyMarkdown } from '../../../src/report/verify-markdown.js';
import { verifyText } from '../../../src/report/verify-text.js';
import { person } from '../../bundle/support/age.js';
import { type ApiServer, apiServer } from '../../bundle/support/api/server.js';
import { exportInput } from '../../bundle/support/export-input.js';
import { namespace, object, secret } from '../../bundle/support/objects.js';
import { bundleRig, migrationOf } from './rig.js';

let folder: string;
let wrap: KeyWrap;
let source: ApiServer;
let target: ApiServer;
let events: readonly DroverEvent[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drover-verify-bundle-'));
  ({ wrap } = await person());
  [source, target] = [apiServer('a'), apiServer('b')];
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const deployment = (name: string, replicas: number, more: Record<string, unknown> = {}): KubeObject =>
  object('apps/v1', 'Deployment', name, {
    spec: {
      replicas,
      template: { spec: { containers: [{ name: 'web', image: 'docker.io/library/nginx:1' }] } },
    },
    ...more,
  });

const exported = async (): Promise<void> => {
  const done = await exportBundle(exportInput(source, { folder, wrap }));
  if (!done.ok) throw new Error(JSON.stringify(done.error));
};

/** As a restore writes: with a manager of its own. */
const carriedOver = (each: KubeObject): KubeObject => target.put(each, 'drover-run-1');

const verify = async (more: Partial<VerifyBundleRequest> = {}) => {
  const rig = bundleRig(target.kube, wrap);
  const compared = await verifyBundle({ folder, target: {}, migration: undefined, ...more }, rig.tools);
  if (!compared.ok) throw new Error(JSON.stringify(compared.error));
  ({ events } = rig);
  return compared.value;
};

describe('the proof', () => {
  it('is kept where nobody else can read it, without anything of a Secret', async () => {
    for (const each of [namespace('shop'), secret('db', { password: 'hunter2' })]) source.put(each);
    await exported();
    carriedOver(namespace('shop'));
    carriedOver(secret('db', { password: 'other' }));
    const compared = await verify({ stateDir: join(folder, 'state') });
    const { proof = '' } = Object.assign({}, ...events.filter(({ type }) => type === 'verify-summary')) as {
      readonly proof?: string;
    };
    expect(proof).toMatch(/state\/proofs\/[\w.-]+\.json$/);
    const text = await readFile(proof, 'utf8');
    expect(JSON.parse(text)).toEqual(compared);
    expect(compared.differences).not.toEqual([]);
    expect((await stat(proof)).mode & 0o777).toBe(0o600);
    for (const value of ['hunter2', 'other'])
      expect(text).not.toMatch(new RegExp(`${value}|${Buffer.from(value).toString('base64')}`));
  });
});

describe('a target that has what the bundle says', () => {
  it('is equal, whatever the target made and filled in itself', async () => {
    const web = deployment('web', 2);
    for (const each of [namespace('shop'), web, secret('db', { password: 'hunter2' })]) source.put(each);
    source.put(object('v1', 'ServiceAccount', 'app'));
    await exported();
    carriedOver(namespace('shop'));
    // Owned by nobody but the run, though the run never sent it: a default of a newer version.
    const live = carriedOver(
      deployment('web', 2, { spec: { ...(web['spec'] as object), progressDeadlineSeconds: 600 } }),
    );
    carriedOver(secret('db', { password: 'hunter2' }));
    carriedOver(object('v1', 'ServiceAccount', 'app'));
    const owner = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      name: 'web',
      uid: live.metadata.uid,
      controller: true,
    };
    target.put(
      object('v1', 'Pod', 'web-1', { metadata: { ownerReferences: [owner] } }),
      'kube-controller-manager',
    );
    target.put(object('v1', 'ConfigMap', 'elsewhere', { metadata: { namespace: 'default' } }));
    const compared = await verify();
    expect(compared.differences).toEqual([]);
    expect(compared.objects).toEqual([
      'Namespace/shop',
      'shop/Deployment.apps/web',
      'shop/Secret/db',
      'shop/ServiceAccount/app',
    ]);
    expect(compared.ignored).toContainEqual({
      object: 'shop/Deployment.apps/web',
      field: 'spec.progressDeadlineSeconds',
      reason: 'the target fills it in: a default of its version, or an admission webhook',
    });
    expect(compared.ignored).toContainEqual({ object: 'shop/Pod/web-1', reason: 'Deployment web made it' });
    expect(compared.ignored).toContainEqual({
      object: 'shop/ConfigMap/kube-root-ca.crt',
      reason: 'every cluster has its own',
    });
    // The namespace default is no part of the bundle.
    expect(JSON.stringify(compared)).not.toContain('elsewhere');
  });

  it('is equal modulo the declared transforms, and what restoring holds back', async () => {
    source.put(namespace('shop'));
    source.put(deployment('web', 3));
    source.put(object('batch/v1', 'CronJob', 'nightly', { spec: { schedule: '0 3 * * *', suspend: false } }));
    await exported();
    const moved = (each: KubeObject): KubeObject => ({
      ...each,
      metadata: { ...each.metadata, namespace: 'store' },
    });
    carriedOver(namespace('store'));
    const image = { name: 'web', image: 'mirror.example/nginx:1' };
    carriedOver(
      moved(deployment('web', 0, { spec: { replicas: 0, template: { spec: { containers: [image] } } } })),
    );
    carriedOver(
      moved(object('batch/v1', 'CronJob', 'nightly', { spec: { schedule: '0 3 * * *', suspend: true } })),
    );
    const migration = migrationOf({
      restore: { replicas: 'zero' },
      transforms: [
        { change: 'namespace', from: 'shop', to: 'store' },
        { change: 'image-registry', from: 'docker.io/library', to: 'mirror.example' },
      ],
    });
    const compared = await verify({ migration });
    expect(compared.differences).toEqual([]);
    expect(compared.ignored.filter(({ field }) => field !== undefined)).toEqual([
      {
        object: 'store/CronJob.batch/nightly',
        field: 'spec.suspend',
        reason: 'suspended until it is put back',
      },
      {
        object: 'store/Deployment.apps/web',
        field: 'spec.replicas',
        reason: 'held back at 0 replicas until it is put back',
      },
    ]);
    // Without them the very same target is another one.
    const plain = await verify();
    expect(plain.differences.map(({ object: key, problem }) => `${problem} ${key}`)).toEqual([
      'object-missing Namespace/shop',
      'object-missing shop/CronJob.batch/nightly',
      'object-missing shop/Deployment.apps/web',
    ]);
  });

  it('knows owners by name, and replicas that an autoscaler sets', async () => {
    source.put(namespace('shop'));
    const reference = ({ metadata }: KubeObject) => ({
      metadata: {
        ownerReferences: [
          {
            apiVersion: 'apps/v1',
            kind: 'Deployment',
            name: metadata.name,
            uid: metadata.uid,
            controller: false,
          },
        ],
      },
    });
    const scaler = object('autoscaling/v2', 'HorizontalPodAutoscaler', 'web', {
      spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }, maxReplicas: 9 },
    });
    source.put(object('v1', 'ConfigMap', 'of-web', reference(source.put(deployment('web', 2)))));
    source.put(scaler);
    await exported();
    carriedOver(namespace('shop'));
    const web = carriedOver(deployment('web', 7));
    carriedOver(object('v1', 'ConfigMap', 'of-web', reference(web)));
    carriedOver(scaler);
    expect((await verify()).differences).toEqual([]);
    carriedOver(object('v1', 'ConfigMap', 'of-web'));
    expect((await verify()).differences).toMatchObject([
      { object: 'shop/ConfigMap/of-web', problem: 'missing', field: 'metadata.ownerReferences' },
    ]);
  });
});

describe('a target that was changed', () => {
  beforeEach(async () => {
    for (const each of [
      namespace('shop'),
      deployment('web', 2),
      secret('db', { password: 'hunter2', user: 'u' }),
      object('v1', 'ConfigMap', 'gone'),
    ])
      source.put(each);
    await exported();
    carriedOver(namespace('shop'));
    carriedOver(deployment('web', 2));
    target.put(
      deployment('web', 5, { metadata: { labels: { by: 'hand' } }, spec: { replicas: 5 } }),
      'kubectl-edit',
    );
    carriedOver(secret('db', { password: 'canary-changed', user: 'u' }));
    target.put(object('v1', 'ConfigMap', 'foreign'), 'kubectl');
  });

  it('is told object by object and field by field; of a Secret only that it differs', async () => {
    const compared = await verify();
    expect(compared.differences).toEqual([
      { object: 'shop/ConfigMap/gone', problem: 'object-missing' },
      {
        object: 'shop/Deployment.apps/web',
        problem: 'added',
        field: 'metadata.labels',
        target: '{"by":"hand"}',
      },
      {
        object: 'shop/Deployment.apps/web',
        problem: 'differs',
        field: 'spec.replicas',
        bundle: '2',
        target: '5',
      },
      {
        object: 'shop/Deployment.apps/web',
        problem: 'missing',
        field: 'spec.template',
        bundle: expect.stringContaining('nginx') as string,
      },
      { object: 'shop/Secret/db', problem: 'differs', field: 'data.password' },
      { object: 'shop/ConfigMap/foreign', problem: 'object-added' },
    ]);
    const told = JSON.stringify([compared, events]);
    for (const value of ['canary-changed', 'hunter2']) {
      expect(told).not.toContain(value);
      expect(told).not.toContain(Buffer.from(value).toString('base64'));
    }
  });

  it('is drawn as every verification is', async () => {
    await verify();
    const report = events.reduce(addEvent, emptyReport);
    const style = { color: false, unicode: true, columns: 100 };
    const hidden = (text: string): string => text.replaceAll(folder, 'bundle');
    expect(hidden(verifyText(style, report, { full: false }))).toMatchSnapshot('text');
    expect(hidden(verifyMarkdown(report))).toMatchSnapshot('markdown');
    expect(hidden(verifyJunit(report))).toMatchSnapshot('junit');
  });
});

describe('a bundle of any size', () => {
  it('is compared page by page, and a byte at the end of a megabyte is shown', async () => {
    const text = 'line of a log\n'.repeat(75_000);
    const log = (end: string): KubeObject =>
      object('v1', 'ConfigMap', 'log', { data: { text: `${text}${end}` } });
    const namespaces = Array.from({ length: 1200 }, (_, at) => namespace(`team-${at}`));
    for (const each of [...namespaces, namespace('shop'), log('end')]) {
      source.put(each);
      carriedOver(each);
    }
    await exported();
    expect((await verify()).differences).toEqual([]);
    target.put(log('END'), 'kubectl');
    expect((await verify()).differences).toEqual([
      {
        object: 'shop/ConfigMap/log',
        problem: 'differs',
        field: 'data.text',
        bundle: '…log\\nline of a log\\nend"',
        target: '…log\\nline of a log\\nEND"',
      },
    ]);
  }, 60_000);
});
