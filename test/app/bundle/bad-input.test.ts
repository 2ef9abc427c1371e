import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runExport } from '../../../src/app/bundle/export.js';
import { verifyBundle } from '../../../src/app/bundle/verify-bundle.js';
import { catalogue } from '../../../src/app/catalogue.js';
import { exportBundle } from '../../../src/bundle/export/export.js';
import type { DroverErrors } from '../../../src/core/error.js';
import type { KeyWrap } from '../../../src/core/ports/key-wrap.js';
import type { KubeFailure } from '../../../src/core/ports/kube.js';
import type { Result } from '../../../src/core/result.js';
import { person } from '../../bundle/support/age.js';
import { type ApiServer, apiServer } from '../../bundle/support/api/server.js';
import { exportInput } from '../../bundle/support/export-input.js';
import { definition, namespace, object, secret } from '../../bundle/support/objects.js';
import { bundleRig, migrationOf } from './rig.js';

let folder: string;
let wrap: KeyWrap;
let cluster: ApiServer;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drover-bad-'));
  ({ wrap } = await person());
  cluster = apiServer('a');
  for (const each of [namespace('shop'), secret('db', { password: 'p' }), object('v1', 'ConfigMap', 'c')])
    cluster.put(each);
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const request = {
  source: {},
  target: undefined,
  namespaces: [],
  include: [],
  exclude: [],
  nodePorts: 'own',
  distributionRules: true,
  recipients: [],
} as const;

const exportNow = async (uid?: string): Promise<Result<unknown, DroverErrors>> =>
  runExport(
    { ...request, folder: join(folder, 'new'), source: uid === undefined ? {} : { uid } },
    bundleRig(cluster.kube, wrap).tools,
  );
const verifyNow = async (uid?: string): Promise<Result<unknown, DroverErrors>> => {
  const target = uid === undefined ? {} : { uid };
  return verifyBundle(
    { folder: join(folder, 'bundle'), target, migration: undefined },
    bundleRig(cluster.kube, wrap).tools,
  );
};
const bundleThere = async (): Promise<void> => {
  const done = await exportBundle(exportInput(cluster, { folder: join(folder, 'bundle'), wrap }));
  expect(done.ok).toBe(true);
};

/** The one error, how a command would end with it, and that it says enough. */
const only = (result: Result<unknown, DroverErrors>): string => {
  if (result.ok) throw new Error('it succeeded');
  expect(result.error).toHaveLength(1);
  const [error] = result.error;
  expect(error.state).toMatch(/^nothing was /);
  const exit = catalogue.find(({ code }) => code === error.code)?.exit;
  return `${error.code} (${exit ?? 'unknown'}): ${error.message}: ${error.cause ?? ''}`;
};

const failure = (kind: KubeFailure['kind'], message: string, status?: number): KubeFailure => ({
  kind,
  message,
  causes: [],
  ...(status === undefined ? {} : { status }),
});

describe.each<[string, (uid?: string) => Promise<Result<unknown, DroverErrors>>]>([
  ['an export', exportNow],
  ['a comparison with a bundle', verifyNow],
])('%s', (_, run) => {
  beforeEach(bundleThere);
  afterEach(async () => {
    // Nothing half-written.
    expect(await readdir(folder)).toEqual(['bundle']);
  });

  it.each<[string, KubeFailure, string]>([
    [
      'a cluster that cannot be reached',
      failure('unreachable', 'connect ECONNREFUSED 10.0.0.1:6443'),
      'kube-unreachable (kubernetes): a at https://a.example:6443 cannot be asked who it is: connect ECONNREFUSED 10.0.0.1:6443',
    ],
    [
      'a certificate that nobody vouches for',
      failure('tls', 'self-signed certificate'),
      'kube-tls (kubernetes): a at https://a.example:6443 cannot be asked who it is: self-signed certificate',
    ],
    [
      'credentials that are not taken',
      failure('unauthorized', 'Unauthorized', 401),
      'kube-unauthorized (auth): a at https://a.example:6443 cannot be asked who it is: Unauthorized (HTTP 401)',
    ],
  ])('tells %s', async (_name, fault, expected) => {
    cluster.failing = () => fault;
    expect(only(await run())).toBe(expected);
  });

  it('refuses another cluster than the spec pins', async () => {
    expect(only(await run('11111111-2222-3333-4444-555555555555'))).toBe(
      'cluster-identity (preflight): a at https://a.example:6443 is not the cluster that the spec names: its identity is uid-of-a, the spec wants 11111111-2222-3333-4444-555555555555',
    );
  });

  it('names all kinds that may not be read', async () => {
    cluster.failing = ({ verb, ref }) =>
      verb === 'list' && ['secrets', 'configmaps'].includes(ref.resource?.plural ?? '')
        ? failure('forbidden', 'User "jane" cannot list resource', 403)
        : undefined;
    expect(only(await run())).toMatch(
      /^export-forbidden \(auth\): the account may not list ConfigMap and Secret( on the target)?: User "jane"/,
    );
  });
});

describe('a bundle that is not right', () => {
  beforeEach(bundleThere);

  it('is not compared when a file was changed, and the cluster is not even asked', async () => {
    await writeFile(join(folder, 'bundle/namespaces/shop/ConfigMap/c.yaml'), 'kind: ConfigMap');
    cluster.calls.length = 0;
    expect(only(await verifyNow())).toMatch(/^bundle-tampered \(failure\): .*c\.yaml was changed/);
    expect(cluster.calls).toEqual([]);
  });

  it('is not compared by somebody who cannot open it', async () => {
    ({ wrap } = await person());
    expect(only(await verifyNow())).toMatch(/^bundle-key \(auth\): this identity cannot open /);
  });

  it('is not compared with transforms that do not fit it', async () => {
    const patch = [{ op: 'remove', path: '/spec/gone' }];
    const migration = migrationOf({
      transforms: [{ change: 'json-patch', only: { kind: 'ConfigMap' }, patch }],
    });
    const { tools } = bundleRig(cluster.kube, wrap);
    const compared = await verifyBundle({ folder: join(folder, 'bundle'), target: {}, migration }, tools);
    expect(only(compared)).toMatch(
      /^transforms-unfit \(spec\): shop\/ConfigMap\/c: a JSON patch cannot be applied/,
    );
  });
});

it('a target that does not serve a kind of the bundle lacks its definition and its objects', async () => {
  cluster.put(definition('Widget'));
  cluster.put(object('example.com/v1', 'Widget', 'w', { spec: {} }));
  await bundleThere();
  const other = apiServer('b');
  for (const each of [namespace('shop'), secret('db', { password: 'p' }), object('v1', 'ConfigMap', 'c')])
    other.put(each, 'drover-run-1');
  const { tools } = bundleRig(other.kube, wrap);
  const compared = await verifyBundle(
    { folder: join(folder, 'bundle'), target: {}, migration: undefined },
    tools,
  );
  expect(compared.ok && compared.value.differences).toEqual([
    {
      object: 'CustomResourceDefinition.apiextensions.k8s.io/widgets.example.com',
      problem: 'object-missing',
    },
    { object: 'shop/Widget.example.com/w', problem: 'object-missing' },
  ]);
});
