import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChartRequest } from '../../../../src/app/cluster/charts/chart.js';
import { type UpstreamTools, upstreamObjects } from '../../../../src/app/cluster/network/upstream.js';
import type { KubeObject } from '../../../../src/core/ports/kube.js';
import { ok } from '../../../../src/core/result.js';

import type { Cluster } from '../../../../src/spec/cluster.js';
import { CALICO_DIGESTS } from '../../../../src/spec/networks/calico-digests.js';
import type { Upstream } from '../../../../src/steps/cni/recipe.js';
import { systemClock } from '../../../support/ports.js';
import { calicoManifest } from '../../../support/upstream.js';

const CALICO: Upstream = { kind: 'manifest', name: 'calico', version: 'v3.31.0' };
const CILIUM: Upstream = {
  kind: 'chart',
  name: 'cilium',
  version: '1.19.4',
  namespace: 'kube-system',
  values: { routingMode: 'tunnel' },
};

const SMALL = `apiVersion: v1
kind: ConfigMap
metadata: { name: calico-config, namespace: kube-system }
---
# nothing but a remark
---
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: calico-node, namespace: kube-system }
`;

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

let folder: string;
let tools: UpstreamTools;
let charts: ChartRequest[];
const servers: Server[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drover-upstream-'));
  charts = [];
  tools = {
    env: { XDG_CACHE_HOME: folder, HOME: folder },
    emit: () => undefined,
    clock: systemClock,
    signal: new AbortController().signal,
    renderChart: (request) => {
      charts.push(request);
      return Promise.resolve(ok([{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'rendered' } }]));
    },
  };
});
afterEach(async () => {
  for (const server of servers.splice(0)) server.close();
  await rm(folder, { recursive: true });
});

/** A mirror that has one manifest for each of these versions, and notes what it is asked. */
const mirror = async (manifests: Readonly<Record<string, string>>) => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const version = /^\/calico\/([^/]+)\/manifests\/calico\.yaml$/.exec(request.url ?? '')?.[1];
    const text = manifests[version ?? ''];
    return text === undefined ? response.writeHead(404).end('no') : response.end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push(server);
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/calico/` };
};

const objects = (source: unknown, wanted: Upstream = CALICO) => {
  const cluster = {
    file: join(folder, 'drover.yaml'),
    spec: { network: { cni: { name: wanted.name, source } } },
    locate: () => undefined,
  } as unknown as Cluster;
  return upstreamObjects(cluster, wanted, tools);
};

const kinds = (all: readonly KubeObject[]): readonly string[] => all.map(({ kind }) => kind);
const kept = (): Promise<readonly string[]> => readdir(join(folder, 'drover/manifests')).catch(() => []);

describe('the manifest of Calico', () => {
  it('comes from a mirror, with the digest that Drover knows of the release, and once', async () => {
    const { url, asked } = await mirror({ 'v3.31.0': await calicoManifest() });
    const found = await objects({ kind: 'mirror', url });
    expect(found.ok && new Set(kinds(found.value))).toContain('CustomResourceDefinition');
    expect(await objects({ kind: 'mirror', url })).toEqual(found);
    expect(asked).toEqual(['/calico/v3.31.0/manifests/calico.yaml']);
    expect(await kept()).toEqual([CALICO_DIGESTS['v3.31.0']]);
  }, 120_000);

  it('is refused, and not kept, when it is another one', async () => {
    const { url } = await mirror({ 'v3.31.0': SMALL });
    expect(await objects({ kind: 'mirror', url })).toMatchObject({
      ok: false,
      error: [{ code: 'network-manifest-checksum', cause: expect.stringContaining(sha256(SMALL)) as string }],
    });
    expect(await kept()).toEqual([]);
  });

  it('may be one of the user’s own: from an address by its digest, or a file as it is', async () => {
    const { url } = await mirror({ own: SMALL });
    const source = {
      kind: 'url',
      url: `${url}own/manifests/calico.yaml`,
      sha256: sha256(SMALL).toUpperCase(),
    };
    const found = await objects(source);
    expect(found.ok && kinds(found.value)).toEqual(['ConfigMap', 'DaemonSet']);
    const file = join(folder, 'own.yaml');
    await writeFile(file, SMALL);
    expect(await objects({ kind: 'file', file })).toEqual(found);
    expect(await objects({ kind: 'file', file, sha256: 'a'.repeat(64) })).toMatchObject({
      ok: false,
      error: [{ code: 'network-manifest-checksum' }],
    });
  });

  it('says which version or file is not there', async () => {
    const { url } = await mirror({});
    expect(await objects({ kind: 'mirror', url })).toMatchObject({
      ok: false,
      error: [{ code: 'network-manifest-unreachable', cause: 'the server answered 404 Not Found' }],
    });
    expect(await objects({ kind: 'file', file: join(folder, 'none.yaml') })).toMatchObject({
      ok: false,
      error: [{ code: 'network-manifest-unreadable' }],
    });
  });

  it.each([
    [
      'another manifest',
      'apiVersion: v1\nkind: Namespace\nmetadata: { name: tigera-operator }\n',
      /lacks Con/,
    ],
    ['no objects', 'just: words\n', /no YAML with Kubernetes objects/],
    ['no YAML', 'a: [\n', /no YAML with Kubernetes objects/],
  ])('is not %s', async (_, text, cause) => {
    const file = join(folder, 'other.yaml');
    await writeFile(file, text);
    expect(await objects({ kind: 'file', file })).toMatchObject({
      ok: false,
      error: [{ code: 'network-manifest-other', cause: expect.stringMatching(cause) as string }],
    });
  });
});

describe('the chart of Cilium', () => {
  it('is rendered with its values, from its project, a mirror or a file', async () => {
    const digest = 'b'.repeat(64);
    const file = join(folder, 'cilium-1.19.4.tgz');
    await writeFile(file, 'an archive');
    await objects(undefined, CILIUM);
    await objects({ kind: 'mirror', url: 'oci://registry.example/charts', sha256: digest }, CILIUM);
    await objects({ kind: 'file', file }, CILIUM);
    expect(charts).toMatchObject([
      { chart: 'cilium', version: '1.19.4', namespace: 'kube-system', values: { routingMode: 'tunnel' } },
      { mirror: 'oci://registry.example/charts', digest },
      { file, digest: sha256('an archive') },
    ]);
    expect(charts[0]?.digest).toBeUndefined();
  });

  it('is not looked for in a file that is not there', async () => {
    expect(await objects({ kind: 'file', file: join(folder, 'none.tgz') }, CILIUM)).toMatchObject({
      ok: false,
      error: [{ code: 'network-manifest-unreadable' }],
    });
    expect(charts).toEqual([]);
  });
});
