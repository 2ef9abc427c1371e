import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Kube, KubeObject } from '../../src/core/ports/kube.js';
import { drover, must, specFolder } from './support/cli.js';
import { CONFIG_MAPS, kubeOf, value } from './support/cluster.js';

const LAB = 'it-export';
const NAMESPACES = { group: '', version: 'v1', plural: 'namespaces' };
const SECRETS = { group: '', version: 'v1', plural: 'secrets' };
const SERVICES = { group: '', version: 'v1', plural: 'services' };
const ENDPOINTS = { group: '', version: 'v1', plural: 'endpoints' };
const DEPLOYMENTS = { group: 'apps', version: 'v1', plural: 'deployments' };
const CANARY = 'canary-of-the-export-4711';
let folder: string;
let kube: Kube;

const meta = (name: string) => ({ name, namespace: 'shop' });
const LABELS = { app: 'web' };
const SET: readonly (readonly [resource: typeof NAMESPACES, object: KubeObject])[] = [
  [
    SECRETS,
    { apiVersion: 'v1', kind: 'Secret', metadata: meta('db'), stringData: { password: CANARY, user: 'u' } },
  ],
  [
    CONFIG_MAPS,
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: meta('settings'), data: { on: 'yes', number: '0777' } },
  ],
  [
    SERVICES,
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: meta('web'),
      spec: { type: 'NodePort', selector: LABELS, ports: [{ port: 80 }] },
    },
  ],
  [
    SERVICES,
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: meta('chosen'),
      spec: { type: 'NodePort', selector: LABELS, ports: [{ port: 80, nodePort: 30999 }] },
    },
  ],
  [
    SERVICES,
    { apiVersion: 'v1', kind: 'Service', metadata: meta('outside'), spec: { ports: [{ port: 5432 }] } },
  ],
  [
    ENDPOINTS,
    {
      apiVersion: 'v1',
      kind: 'Endpoints',
      metadata: meta('outside'),
      subsets: [{ addresses: [{ ip: '10.9.9.9' }], ports: [{ port: 5432 }] }],
    },
  ],
  [
    DEPLOYMENTS,
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: meta('web'),
      spec: {
        replicas: 0,
        selector: { matchLabels: LABELS },
        template: {
          metadata: { labels: LABELS },
          spec: { containers: [{ name: 'c', image: 'nginx', envFrom: [{ secretRef: { name: 'gone' } }] }] },
        },
      },
    },
  ],
];

beforeAll(async () => {
  folder = await specFolder({ name: LAB, net: '10.83.0', servers: 1, agents: 0 });
  await must(['lab', 'up', '--cluster', '--timeout', '600'], folder);
  await writeFile(join(folder, 'kubeconfig'), await must(['lab', 'kubeconfig', '--lab', LAB], folder), {
    mode: 0o600,
  });
  kube = await kubeOf(LAB, folder);
  value(
    await kube.create(
      { resource: NAMESPACES },
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } },
    ),
  );
  for (const [resource, object] of SET)
    value(await kube.create({ resource, namespace: 'shop' }, object, { fieldManager: 'somebody' }));
});
afterAll(async () => {
  kube.close();
  await drover(['lab', 'down', LAB], folder);
  await rm(folder, { recursive: true });
});

const exportNow = () => drover(['export', '--kubeconfig', 'kubeconfig', '-o', 'bundle'], folder);
const read = (path: string): Promise<string> => readFile(join(folder, 'bundle', path), 'utf8');

describe('the export of a real cluster', () => {
  it('carries what people made, and nothing of K3s or the control plane', async () => {
    const done = await exportNow();
    expect(done.status, done.stderr).toBe(0);
    const index = JSON.parse(await read('bundle.json')) as {
      readonly entries: readonly { readonly path: string }[];
    };
    expect(index.entries.map(({ path }) => path)).toEqual([
      'cluster/Namespace/shop.yaml',
      'namespaces/shop/ConfigMap/settings.yaml',
      'namespaces/shop/Deployment.apps/web.yaml',
      'namespaces/shop/Endpoints/outside.yaml',
      'namespaces/shop/Secret/db.yaml',
      'namespaces/shop/Service/chosen.yaml',
      'namespaces/shop/Service/outside.yaml',
      'namespaces/shop/Service/web.yaml',
    ]);
    expect(done.stdout.replaceAll(/\s+/g, ' ')).toContain('names shop/Secret/gone, which nothing provides');
    expect(await read('namespaces/shop/Service/chosen.yaml')).toContain('nodePort: 30999');
    for (const path of ['chosen', 'web', 'outside'])
      expect(await read(`namespaces/shop/Service/${path}.yaml`)).not.toMatch(
        /clusterIP|ipFamil|uid|managedFields|status/,
      );
    expect(await read('namespaces/shop/Service/web.yaml')).not.toContain('nodePort');
  });

  it('keeps every value sealed, in files and on the terminal, and opens for its owner', async () => {
    const files = await readdir(folder, { recursive: true, withFileTypes: true });
    for (const file of files.filter((each) => each.isFile())) {
      const text = await readFile(join(file.parentPath, file.name), 'utf8');
      for (const secret of [CANARY, Buffer.from(CANARY).toString('base64')])
        expect(text, file.name).not.toContain(secret);
    }
    const again = await exportNow();
    expect(again.stdout + again.stderr).not.toContain(CANARY);
    expect(again.stdout).toContain('unchanged ones as before');
    expect(await must(['secrets', 'check', 'bundle'], folder)).toContain(
      '1 Secret with 2 values, all of them open',
    );
  });

  it('refuses another cluster than the spec pins', async () => {
    const spec =
      'apiVersion: drover/v1\nkind: Migration\nmetadata: { name: m }\nspec:\n  source: { kubeconfig: kubeconfig, uid: 00000000-0000-4000-8000-000000000000 }\n  target: { kubeconfig: kubeconfig }\n';
    await writeFile(join(folder, 'migration.yaml'), spec);
    const done = await drover(['export', '-f', 'migration.yaml', '-o', 'other'], folder);
    expect(done.status).toBe(11);
    expect(done.stderr).toContain('error[cluster-identity]');
  });
});
