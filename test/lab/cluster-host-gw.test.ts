import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderChart } from '../../src/app/cluster/charts/render.js';
import { upstreamObjects } from '../../src/app/cluster/network/upstream.js';
import type { Kube, KubeObject } from '../../src/core/ports/kube.js';
import { writeImage } from '../../src/lab/build/images/archive.js';
import type { Cluster } from '../../src/spec/cluster.js';
import { calicoRecipe } from '../../src/steps/cni/networks/calico.js';
import { calicoOperatorRecipe } from '../../src/steps/cni/networks/calico-operator.js';
import { ciliumRecipe } from '../../src/steps/cni/networks/cilium.js';
import { flannelDaemonSetRecipe } from '../../src/steps/cni/networks/flannel-daemonset.js';
import type { NetworkRecipe, RecipeInput } from '../../src/steps/cni/recipe.js';
import type { LiveObject } from '../../src/steps/sets/live-set.js';
import { objectSet } from '../../src/steps/sets/object-set.js';
import { seeSets } from '../../src/steps/sets/see-sets.js';
import { systemClock } from '../support/ports.js';
import { recipeInput } from '../support/recipe-input.js';
import {
  calicoManifestFile,
  calicoOperatorManifest,
  flannelManifestFile,
  upstreamFolder,
} from '../support/upstream.js';
import { drover, must, specFolder } from './support/cli.js';
import { kubeOf, matrix, rootOn, value, wholeMatrix } from './support/cluster.js';
import { addExternalHost } from './support/external-host.js';

const LAB = 'it-host-gw';
const RANGES =
  '    pods: 10.142.0.0/16\n    services: 10.143.0.0/16\n    cni: { name: flannel, mode: host-gw }';
const GIVEN = 'registry.example/given:1';
let folder: string;
let kube: Kube;

beforeAll(async () => {
  folder = await specFolder({ name: LAB, net: '10.74.0', servers: 1, agents: 1, more: RANGES });
  await addExternalHost(folder, 'lb-1', '10.74.0.5');
  const images = join(folder, 'images');
  await mkdir(images);
  await writeImage({ reference: GIVEN, entries: [], entrypoint: ['/none'] }, join(images, 'given.tar'));
  await must(['lab', 'up', '--cluster', '--timeout', '600'], folder, { DROVER_LAB_IMAGES: images });
  kube = await kubeOf(LAB, folder);
});
afterAll(async () => {
  kube.close();
  await drover(['lab', 'down', LAB], folder);
  await rm(folder, { recursive: true });
});

it('carries pods over plain routes, with the ranges of the spec', async () => {
  const { tried, failed } = await matrix(kube, ['server-1', 'agent-1']);
  expect(failed).toEqual([]);
  expect(tried).toEqual(wholeMatrix(2));
  const routes = await rootOn(LAB, 'server-1', 'ip route show; ip link show', folder);
  expect(routes).toMatch(/10\.142\.\d+\.0\/24 via 10\.74\.0\.21 dev host0/);
  expect(routes).not.toContain('flannel.1');
});

const BALANCE = `defaults
  mode tcp
  timeout connect 2s
  timeout client 10s
  timeout server 10s
listen api
  bind :6443
  server server-1 10.74.0.11:6443`;

it('has the images that lie in DROVER_LAB_IMAGES on every node', async () => {
  for (const host of ['server-1', 'agent-1'])
    await expect
      .poll(() => rootOn(LAB, host, 'k3s ctr images ls -q', folder), { timeout: 300_000 })
      .toContain(GIVEN);
});

it('has an external host of the spec beside it, that installs HAProxy and leads to the API', async () => {
  const on = (command: string): Promise<string> => rootOn(LAB, 'lb-1', command, folder);
  await on('apt-get -qq update && apt-get -qq install -y haproxy >/dev/null 2>&1');
  await on(`echo '${BALANCE}' >/etc/haproxy/haproxy.cfg && systemctl restart haproxy`);
  expect(await on('curl -sk --retry 5 --retry-all-errors https://127.0.0.1:6443/ping')).toBe('pong');
  const nodes = await rootOn(LAB, 'server-1', 'k3s kubectl get nodes -o name', folder);
  expect(nodes.split('\n').sort()).toEqual(['node/agent-1', 'node/server-1']);
});

it('is not made from a spec that it cannot follow', async () => {
  const calico = await specFolder({
    name: 'it-calico',
    net: '10.74.0',
    servers: 1,
    agents: 0,
    more: '    cni: { name: calico, mode: vxlan }',
  });
  const refused = await drover(['lab', 'up', '--cluster'], calico);
  expect(refused.status).toBe(10);
  expect(refused.stderr).toContain('flannel with vxlan or host-gw, and the spec says calico vxlan');
  await rm(calico, { recursive: true });
});

/*
 * Images of Calico and Cilium cannot be had here. What is made of their projects' own files is shown to a real API, which
 * checks it field by field against their definitions and its own, and stores nothing.
 */
describe('the real networks of others', () => {
  const DEFINITIONS = {
    group: 'apiextensions.k8s.io',
    version: 'v1',
    plural: 'customresourcedefinitions',
  } as const;
  const input = (part: Partial<RecipeInput>): RecipeInput =>
    recipeInput({
      version: 'v3.31.0',
      pool: '10.142.128.0/17',
      pods: '10.142.0.0/16',
      services: '10.143.0.0/16',
      api: { host: '10.74.0.11', port: 6443 },
      nodes: [
        { name: 'server-1', address: '10.74.0.11' },
        { name: 'agent-1', address: '10.74.0.21' },
      ],
      ...part,
    });

  /** The set of a network, made of a file at hand as users give one. */
  const made = async (recipe: NetworkRecipe, file: string, wanted: RecipeInput) => {
    const upstream = recipe.upstream?.(wanted);
    if (upstream === undefined) throw new Error('made of nothing');
    const tools = {
      env: process.env,
      emit: () => undefined,
      clock: systemClock,
      signal: new AbortController().signal,
    };
    const cluster = {
      file: join(folder, 'drover.yaml'),
      locate: () => undefined,
      spec: { network: { cni: { source: { kind: 'file', file } } } },
    } as unknown as Cluster;
    const charts = renderChart({ ...tools, lab: true });
    const objects = value(await upstreamObjects(cluster, upstream, { ...tools, renderChart: charts }));
    return objectSet('network/test', recipe.set(wanted, objects).objects);
  };

  const seen = async (set: ReturnType<typeof objectSet>): Promise<readonly LiveObject[]> => {
    const access = { kube, signal: new AbortController().signal };
    const [live] = value(await seeSets(access, [set], [set.name]));
    return live?.objects ?? [];
  };

  const verdicts = (live: readonly LiveObject[], verdict: LiveObject['verdict']): readonly string[] =>
    live.filter((one) => one.verdict === verdict).map(({ key, why }) => `${key} ${why ?? ''}`);

  const define = async (objects: readonly KubeObject[], kinds: readonly string[]): Promise<void> => {
    const definitions = objects.filter(({ kind }) => kind === 'CustomResourceDefinition');
    await Promise.all(
      definitions.map(async (object) => value(await kube.create({ resource: DEFINITIONS }, object))),
    );
    const served = async () => value(await kube.discover()).map(({ group, kind }) => `${group}/${kind}`);
    for (const kind of kinds) await expect.poll(served, { timeout: 300_000 }).toContain(kind);
  };

  it('Calico is taken by the API in every mode, checked against its own definitions', async () => {
    const file = await calicoManifestFile();
    const options = { felix: { logSeverityScreen: 'Warning' }, bgp: { asNumber: 64_512 } };
    const vxlan = await made(calicoRecipe, file, input({ options }));
    expect(verdicts(await seen(vxlan), 'later').length).toBeGreaterThan(3);
    await define(vxlan.objects, ['crd.projectcalico.org/IPPool', 'crd.projectcalico.org/FelixConfiguration']);
    for (const set of [
      vxlan,
      await made(calicoRecipe, file, input({ mode: 'ipip', port: null, beside: false })),
      await made(calicoRecipe, file, input({ mode: 'none', port: null, pool: '10.142.0.0/16' })),
      await made(calicoRecipe, file, input({ options: { crossSubnet: true } })),
      await made(calicoRecipe, file, input({ mode: 'ipip', turn: { from: 'vxlan', done: false } })),
      await made(calicoRecipe, file, input({ mode: 'ipip', turn: { from: 'vxlan', done: true } })),
    ]) {
      const live = await seen(set);
      for (const verdict of ['refused', 'later'] as const) expect(verdicts(live, verdict)).toEqual([]);
      expect(verdicts(live, 'create').join('\n')).toMatch(/IPPool[^]*DaemonSet[^]*Deployment/);
    }
  });

  it('Calico by its operator is taken by the API in every mode, its Installation checked against its own definition', async () => {
    const file = join(folder, 'operator.yaml');
    await writeFile(file, await calicoOperatorManifest());
    const parts: readonly Partial<RecipeInput>[] = [
      {},
      {
        mode: 'ipip',
        port: null,
        beside: false,
        options: { crossSubnet: true, ipAutodetection: 'cidr=10.74.0.0/24' },
      },
      { mode: 'none', port: null, options: { felix: { logSeverityScreen: 'Warning' } } },
    ];
    const sets = [];
    for (const part of parts) sets.push(await made(calicoOperatorRecipe, file, input(part)));
    await define(
      sets[0]?.objects.filter(({ metadata }) => metadata.name.endsWith('operator.tigera.io')) ?? [],
      ['operator.tigera.io/Installation'],
    );
    for (const set of sets) {
      const live = await seen(set);
      expect(verdicts(live, 'refused')).toEqual([]);
      // Its own namespace comes with it.
      for (const late of verdicts(live, 'later')) expect(late).toMatch(/^tigera-operator\//);
      expect(verdicts(live, 'create').join('\n')).toMatch(/Installation.operator.tigera.io\/default/);
    }
  });

  it('Flannel as a DaemonSet is taken by the API in every mode', async () => {
    const file = await flannelManifestFile();
    for (const part of [
      { mode: 'vxlan', port: 8472 },
      { mode: 'host-gw', port: null },
      { mode: 'wireguard', port: 51_820 },
    ] as const) {
      const set = await made(
        flannelDaemonSetRecipe,
        file,
        input({ version: 'v0.28.4', beside: false, ...part }),
      );
      const live = await seen(set);
      expect(verdicts(live, 'refused')).toEqual([]);
      for (const late of verdicts(live, 'later')) expect(late).toMatch(/^kube-flannel\//);
      expect(set.objects).toHaveLength(6);
    }
  });

  it('Cilium is rendered by Helm with the values of Drover, and taken by the API in every mode', async () => {
    const chart = join(folder, 'cilium.tgz');
    const source = join(await upstreamFolder('github.com/cilium/cilium'), 'install/kubernetes');
    await execa('tar', ['-czf', chart, '-C', source, 'cilium']);
    for (const part of [
      { mode: 'tunnel', port: 8473 },
      { mode: 'native', port: null, beside: false, replacesKubeProxy: true },
      {
        mode: 'tunnel',
        port: 6081,
        options: { tunnelProtocol: 'geneve' },
        turn: { from: 'tunnel', done: true },
      },
    ] as const) {
      const set = await made(ciliumRecipe, chart, input({ version: '1.19.4', blockPrefix: 24, ...part }));
      const live = await seen(set);
      expect(verdicts(live, 'refused')).toEqual([]);
      // Its own namespace comes with it.
      for (const later of verdicts(live, 'later')) expect(later).toMatch(/^cilium-secrets\//);
      expect(verdicts(live, 'create').join('\n')).toMatch(/DaemonSet\.apps\/cilium /);
      const settings = set.objects.find(({ metadata }) => metadata.name === 'cilium-config')?.['data'];
      expect(settings).toMatchObject({
        'routing-mode': part.mode,
        'kube-proxy-replacement': `${part.mode === 'native'}`,
        'ipv4-native-routing-cidr': '10.142.0.0/16',
        'cluster-pool-ipv4-cidr': '10.142.128.0/17',
        'custom-cni-conf': `${part.mode === 'tunnel'}`,
      });
    }
  });
});
