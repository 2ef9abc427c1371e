import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Kube } from '../../src/core/ports/kube.js';
import { imagesMissing } from '../support/given-images.js';
import { calicoManifestFile, calicoOperatorManifest, upstreamFolder } from '../support/upstream.js';
import { drover, must, specFolder } from './support/cli.js';
import { kubeOf } from './support/cluster.js';
import { askFor, runWeb } from './support/network-change.js';
import { expectBack, expectMoved } from './support/network-suite.js';

/*
 * Flannel → Calico and Flannel → Cilium with their real images, and back. Nobody can make these images but their projects:
 * the tests run where archives of them lie in DROVER_LAB_IMAGES, and are listed as a missing capability elsewhere.
 */
const NETWORKS = [
  {
    network: 'calico' as const,
    subnet: '10.104.0',
    device: 'vxlan.calico',
    source: calicoManifestFile,
    cni: (file: string) =>
      `{ name: calico, mode: vxlan, version: v3.31.0, source: { kind: file, file: ${file} } }`,
  },
  {
    network: 'calico-operator' as const,
    subnet: '10.118.0',
    device: 'vxlan.calico',
    source: async (folder: string) => {
      const file = join(folder, 'operator.yaml');
      await writeFile(file, await calicoOperatorManifest());
      return file;
    },
    cni: (file: string) =>
      `{ name: calico, by: operator, mode: vxlan, version: v3.31.0, source: { kind: file, file: ${file} } }`,
  },
  {
    network: 'cilium' as const,
    subnet: '10.105.0',
    device: 'cilium_host',
    source: async (folder: string) => {
      const chart = join(folder, 'cilium.tgz');
      const module = await upstreamFolder('github.com/cilium/cilium');
      await execa('tar', ['-czf', chart, '-C', join(module, 'install/kubernetes'), 'cilium']);
      return chart;
    },
    // Archives have digests of their own.
    cni: (file: string) =>
      `{ name: cilium, mode: tunnel, port: 8473, version: 1.19.4, source: { kind: file, file: ${file} }, options: { image: { useDigest: false }, operator: { image: { useDigest: false } }, envoy: { enabled: false } } }`,
  },
];

const REPLICAS = 4;
const NODES = ['server-1', 'agent-1'];

describe.each(NETWORKS)('the real $network', ({ network, subnet, source, cni, device }) => {
  const lab = `it-real-${network}`;
  const missing = imagesMissing(network);
  let folder: string;
  let kube: Kube;
  beforeAll(async () => {
    if (missing.length > 0) return;
    folder = await specFolder({ name: lab, net: subnet, servers: 1, agents: 1 });
    await must(['lab', 'up', '--cluster', '--timeout', '600'], folder);
    kube = await kubeOf(lab, folder);
    await runWeb(kube, REPLICAS);
    await askFor(folder, cni(await source(folder)));
  });
  afterAll(async () => {
    if (missing.length > 0) return;
    kube.close();
    await drover(['lab', 'down', lab], folder);
    await rm(folder, { recursive: true });
  });

  it.skipIf(missing.length > 0)('takes Flannel’s place node by node, is proven, and goes again', async () => {
    const changed = { lab, folder, kube, nodes: NODES, replicas: REPLICAS, device };
    await must(['apply', '--lab', lab, '--only', 'network', '--yes'], folder);
    await expectMoved(changed);
    await must(['verify', '--lab', lab], folder);
    await must(['rollback', '--lab', lab, '--yes'], folder);
    await expectBack(changed);
    expect((await drover(['verify', '--lab', lab], folder)).status).toBe(0);
  });
});
