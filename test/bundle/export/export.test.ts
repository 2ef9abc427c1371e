import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ExportInput, exportBundle } from '../../../src/bundle/export/export.js';
import { identify } from '../../../src/bundle/identity.js';
import { checkBundle, openBundle, readObjects } from '../../../src/bundle/store/read.js';
import type { KeyWrap } from '../../../src/core/ports/key-wrap.js';
import type { Result } from '../../../src/core/result.js';
import { systemRandom } from '../../../src/system/random.js';
import { person } from '../support/age.js';
import { exportInput } from '../support/export-input.js';
import { type FakeCluster, fakeCluster } from '../support/fake-kube.js';
import { managed, namespace, object, secret } from '../support/objects.js';

let folder: string;
let source: FakeCluster;
let wrap: KeyWrap;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drover-bundle-'));
  source = fakeCluster('a');
  source.put(namespace('shop'));
  ({ wrap } = await person());
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const value = <T, E>(result: Result<T, E>): T => {
  if (result.ok) return result.value;
  throw new Error(JSON.stringify(result.error));
};

const run = async (more: Partial<ExportInput> = {}) =>
  exportBundle(
    exportInput(source, {
      source: value(await identify(source.kube, undefined)),
      folder: join(folder, 'out'),
      wrap,
      ...more,
    }),
  );
const names = (index: { readonly entries: readonly { readonly path: string }[] }) =>
  index.entries.map(({ path }) => path);
const file = (path: string): Promise<string> => readFile(join(folder, 'out', path), 'utf8');
const linesOf = async (path: string) =>
  (await file(path))
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('an export', () => {
  it('carries what people made and says why the rest is left out', async () => {
    const web = source.put(
      object('apps/v1', 'Deployment', 'web', {
        spec: { template: { spec: { containers: [{ name: 'c', image: 'nginx' }] } } },
      }),
    );
    const owner = (controller: boolean, uid = web.metadata.uid) => ({
      metadata: {
        ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', uid, controller }],
      },
    });
    source.put(object('v1', 'Pod', 'web-1', owner(true)));
    source.put(object('v1', 'ConfigMap', 'made-for-web', owner(false)));
    source.put(object('v1', 'ConfigMap', 'made-for-nobody', owner(false, 'gone')));
    source.put(secret('certificate', { 'tls.key': 'k' }, owner(true)));
    source.put(object('v1', 'ConfigMap', 'kube-root-ca.crt'));
    source.put(object('v1', 'ServiceAccount', 'default'));
    source.put(
      object('v1', 'ServiceAccount', 'default', {
        metadata: { namespace: 'default' },
        imagePullSecrets: [{ name: 'pull' }],
      }),
    );
    source.put(object('v1', 'Pod', 'done', { status: { phase: 'Succeeded' } }));
    source.put(
      object('batch/v1', 'Job', 'ended', { status: { conditions: [{ type: 'Complete', status: 'True' }] } }),
    );
    source.put(object('v1', 'ConfigMap', 'dying', { metadata: { deletionTimestamp: 'x' } }));
    source.put(object('v1', 'ConfigMap', 'inner', { metadata: { namespace: 'kube-system' } }));
    source.put(
      secret(
        'sh.helm.release.v1.app.v1',
        {},
        { type: 'helm.sh/release.v1', metadata: { labels: { status: 'superseded', name: 'app' } } },
      ),
    );
    source.put(
      secret(
        'sh.helm.release.v1.app.v2',
        { release: 'r' },
        { type: 'helm.sh/release.v1', metadata: { labels: { status: 'deployed', name: 'app' } } },
      ),
    );
    const { index, findings } = value(await run());
    expect(names(index)).toEqual([
      'cluster/Namespace/shop.yaml',
      'namespaces/default/ServiceAccount/default.yaml',
      'namespaces/shop/ConfigMap/made-for-nobody.yaml',
      'namespaces/shop/ConfigMap/made-for-web.yaml',
      'namespaces/shop/Deployment.apps/web.yaml',
      'namespaces/shop/Secret/certificate.yaml',
      'namespaces/shop/Secret/sh.helm.release.v1.app.v2.yaml',
    ]);
    const leftOut = await linesOf('report/left-out.jsonl');
    expect(leftOut).toContainEqual({ object: 'shop/Pod/web-1', reason: 'Deployment web makes it again' });
    expect(leftOut).toContainEqual({
      object: 'shop/Secret/sh.helm.release.v1.app.v1',
      reason: 'a superseded record of the Helm release app',
    });
    expect(leftOut).toContainEqual({
      object: 'kube-system/ConfigMap/inner',
      reason: 'its namespace belongs to the cluster',
    });
    expect(await file('namespaces/shop/ConfigMap/made-for-web.yaml')).toContain(
      `uid: ${web.metadata.uid ?? ''}`,
    );
    expect(await file('namespaces/shop/ConfigMap/made-for-nobody.yaml')).not.toContain('ownerReferences');
    expect(findings.map(({ code, object: which }) => [code, which])).toEqual([
      ['bundle-reference-missing', 'default/ServiceAccount/default'],
      ['bundle-helm-release', 'shop/Secret/sh.helm.release.v1.app.v2'],
    ]);
  });

  it('keeps hand-made Endpoints and leaves computed ones out', async () => {
    source.put(object('v1', 'Service', 'outside', { spec: { ports: [{ port: 5432 }] } }));
    source.put(
      object('v1', 'Endpoints', 'outside', {
        subsets: [{}],
        metadata: { managedFields: managed(['kubectl', { 'f:subsets': {} }]) },
      }),
    );
    source.put(
      object('v1', 'Endpoints', 'inside', {
        subsets: [{}],
        metadata: { managedFields: managed(['kube-controller-manager', { 'f:subsets': {} }]) },
      }),
    );
    expect(names(value(await run()).index)).toEqual([
      'cluster/Namespace/shop.yaml',
      'namespaces/shop/Endpoints/outside.yaml',
      'namespaces/shop/Service/outside.yaml',
    ]);
  });

  it('finds references that nothing provides, and those that stay behind', async () => {
    const spec = {
      volumes: [
        { name: 's', secret: { secretName: 'gone' } },
        { name: 'o', configMap: { name: 'maybe', optional: true } },
      ],
      containers: [{ name: 'c', envFrom: [{ configMapRef: { name: 'settings' } }] }],
      serviceAccountName: 'runner',
    };
    source.put(object('apps/v1', 'Deployment', 'web', { spec: { template: { spec } } }));
    source.put({ apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name: 'local-path' } });
    source.put(object('v1', 'PersistentVolumeClaim', 'data', { spec: { storageClassName: 'local-path' } }));
    source.put(object('networking.k8s.io/v1', 'Ingress', 'i', { spec: { ingressClassName: 'nowhere' } }));
    const { findings } = value(await run());
    expect(
      findings.map(({ severity, object: which, message }) => `${severity} ${which ?? ''}: ${message}`),
    ).toMatchInlineSnapshot(`
      [
        "error shop/Deployment.apps/web: spec.template.spec.containers[0].envFrom[0] names shop/ConfigMap/settings, which nothing provides",
        "error shop/Deployment.apps/web: spec.template.spec.serviceAccountName names shop/ServiceAccount/runner, which nothing provides",
        "error shop/Deployment.apps/web: spec.template.spec.volumes[0] names shop/Secret/gone, which nothing provides",
        "error shop/Ingress.networking.k8s.io/i: spec.ingressClassName names IngressClass.networking.k8s.io/nowhere, which nothing provides",
        "warning shop/PersistentVolumeClaim/data: spec.storageClassName names StorageClass.storage.k8s.io/local-path, which is not carried: the target must have it",
      ]
    `);
  });

  it('writes one readable page and a picture, the same for the same objects', async () => {
    source.put(
      object('apps/v1', 'Deployment', 'web', {
        spec: {
          replicas: 2,
          template: {
            spec: { containers: [{ name: 'c', image: 'nginx:1', envFrom: [{ secretRef: { name: 'db' } }] }] },
          },
        },
      }),
    );
    source.put(secret('db', { password: 'hunter2' }));
    value(await run());
    const page = await file('README.md');
    expect(page).toContain(
      '| Deployment.apps | [web](namespaces/shop/Deployment.apps/web.yaml) | 2 × nginx:1 | shop/Secret/db |',
    );
    expect(page).toContain('| Secret | [db](namespaces/shop/Secret/db.yaml) | Opaque: password |  |');
    const picture = await file('references.svg');
    expect(picture).toContain('<title>shop/Deployment.apps/web</title>');
    expect(picture.match(/<path /g)).toHaveLength(1);
    value(await run());
    expect(await file('README.md')).toBe(page);
    expect(await file('references.svg')).toBe(picture);
  });

  it('carries single namespaces with what they need of the whole cluster', async () => {
    source.put(namespace('blog'));
    source.put(object('v1', 'ConfigMap', 'elsewhere', { metadata: { namespace: 'blog' } }));
    source.put(object('v1', 'ConfigMap', 'here'));
    source.put({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: 'used' },
    });
    source.put({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: 'unused' },
    });
    source.put(
      object('rbac.authorization.k8s.io/v1', 'RoleBinding', 'b', {
        roleRef: { kind: 'ClusterRole', name: 'used' },
      }),
    );
    source.put({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'widgets.example.com' },
      spec: { group: 'example.com', names: { kind: 'Widget' } },
    });
    source.put(object('example.com/v1', 'Widget', 'w'));
    expect(names(value(await run({ namespaces: ['shop'] })).index)).toEqual([
      'cluster/ClusterRole.rbac.authorization.k8s.io/used.yaml',
      'cluster/CustomResourceDefinition.apiextensions.k8s.io/widgets.example.com.yaml',
      'cluster/Namespace/shop.yaml',
      'namespaces/shop/ConfigMap/here.yaml',
      'namespaces/shop/RoleBinding.rbac.authorization.k8s.io/b.yaml',
      'namespaces/shop/Widget.example.com/w.yaml',
    ]);
  });

  it('chooses kinds by name, and says which it does not know', async () => {
    source.put(object('v1', 'ConfigMap', 'c'));
    source.put(secret('s', {}));
    expect(names(value(await run({ include: ['secret', 'configmaps'], exclude: ['Secret'] })).index)).toEqual(
      ['namespaces/shop/ConfigMap/c.yaml'],
    );
    const refused = await run({ include: ['Secrt'], exclude: ['Nothing.example.org'] });
    expect(refused).toMatchObject({
      ok: false,
      error: [{ code: 'kind-unknown', hint: 'did you mean Secret?' }, { code: 'kind-unknown' }],
    });
  });

  it('opens to the very objects, Secrets included', async () => {
    const password = source.put(secret('db', { password: 'hunter2' }));
    value(await run());
    const objects = value(await readObjects(value(await openBundle(join(folder, 'out'), wrap))));
    expect(objects.find(({ kind }) => kind === 'Secret')?.['data']).toEqual(password['data']);
  });

  it('leaves no byte of a secret anywhere, plain or in base64', async () => {
    const canary = `canary-${Buffer.from(systemRandom.bytes(12)).toString('hex')}`;
    source.put(secret('db', { password: canary }));
    value(await run());
    const files = await readdir(folder, { recursive: true, withFileTypes: true });
    const texts = await Promise.all(
      files.filter((each) => each.isFile()).map((each) => readFile(join(each.parentPath, each.name), 'utf8')),
    );
    expect(texts.length).toBeGreaterThan(5);
    for (const text of texts) {
      expect(text).not.toContain(canary);
      expect(text).not.toContain(Buffer.from(canary).toString('base64'));
    }
  });

  it('keeps ciphertexts of unchanged values; without the identity, or for other recipients, all are new', async () => {
    source.put(secret('db', { a: '1', b: '2' }));
    value(await run());
    const first = await file('namespaces/shop/Secret/db.yaml');
    source.put(secret('db', { a: '1', b: 'changed' }));
    const again = value(await run());
    const second = await file('namespaces/shop/Secret/db.yaml');
    const lineOf = (text: string, key: string) =>
      text.split('\n').find((line) => line.trim().startsWith(`${key}:`));
    expect(again.keptKey).toBe(true);
    expect(lineOf(second, 'a')).toBe(lineOf(first, 'a'));
    expect(lineOf(second, 'b')).not.toBe(lineOf(first, 'b'));
    const other = await person();
    const foreign = value(await run({ wrap: other.wrap }));
    expect(foreign.keptKey).toBe(false);
    expect(lineOf(await file('namespaces/shop/Secret/db.yaml'), 'a')).not.toBe(lineOf(first, 'a'));
    expect(await openBundle(join(folder, 'out'), wrap)).toMatchObject({
      ok: false,
      error: { code: 'bundle-key' },
    });
  });

  it('begins anew when history is lost half-way, and gives up after three times', async () => {
    source.put(object('v1', 'ConfigMap', 'c'));
    let lost = 0;
    const gone = { kind: 'gone', status: 410, message: 'too old', causes: [] } as const;
    source.failing = ({ ref }) =>
      ref.resource?.plural === 'widgets' && (lost += 1) === 1 ? gone : undefined;
    expect(names(value(await run()).index)).toEqual([
      'cluster/Namespace/shop.yaml',
      'namespaces/shop/ConfigMap/c.yaml',
    ]);
    source.failing = ({ ref }) => (ref.resource?.plural === 'widgets' ? gone : undefined);
    expect(await run()).toMatchObject({ ok: false, error: [{ code: 'export-moving' }] });
    expect((await checkBundle(join(folder, 'out'))).ok).toBe(true);
  });

  it('names all kinds that may not be read, and writes nothing', async () => {
    const forbidden = { kind: 'forbidden', status: 403, message: 'no', causes: [] } as const;
    source.failing = ({ ref }) =>
      ['secrets', 'jobs'].includes(ref.resource?.plural ?? '') ? forbidden : undefined;
    expect(await run()).toMatchObject({
      ok: false,
      error: [{ code: 'export-forbidden', message: 'the account may not list Job.batch and Secret' }],
    });
    expect(await readdir(folder)).toEqual([]);
  });

  it('refuses a folder with other files', async () => {
    await writeFile(join(folder, 'thesis.md'), 'mine');
    expect(await run({ folder })).toMatchObject({ ok: false, error: [{ code: 'bundle-folder' }] });
    expect(await readdir(folder)).toEqual(['thesis.md']);
  });

  it('reads 10,000 namespaces page by page', async () => {
    for (let n = 0; n < 10_000; n += 1)
      source.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: `ns-${n}` } });
    expect(value(await run()).index.entries).toHaveLength(10_001);
  }, 60_000);

  it('carries a ConfigMap of one megabyte', async () => {
    const text = 'line of text: with "signs"\n'.repeat(38_000);
    source.put(object('v1', 'ConfigMap', 'big', { data: { text } }));
    value(await run());
    const objects = value(await readObjects(value(await openBundle(join(folder, 'out'), wrap))));
    expect(objects.find(({ metadata }) => metadata.name === 'big')?.['data']).toEqual({ text });
  });
});

describe('the identity of a cluster', () => {
  it('is the UID of kube-system; another one than pinned is refused', async () => {
    expect(await identify(source.kube, 'uid-of-a')).toMatchObject({
      ok: true,
      value: { uid: 'uid-of-a', distribution: 'k3s' },
    });
    expect(await identify(source.kube, 'uid-of-b')).toMatchObject({
      ok: false,
      error: { code: 'cluster-identity' },
    });
  });
});
