import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Kube } from '../../src/core/ports/kube.js';
import { imagesMissing } from '../support/given-images.js';
import { calicoManifestFile, upstreamFolder } from '../support/upstream.js';
import { drover, must, specFolder } from './support/cli.js';
import { eventually, kubeOf, PODS } from './support/cluster.js';

/*
 * Flannel → Calico and Flannel → Cilium with their real images, and back. Nobody can make these images but their projects:
 * the tests run where archives of them lie in DROVER_LAB_IMAGES, and are listed as a missing capability elsewhere.
 */
const NETWORKS = [
  {
    network: 'calico' as const,
    subnet: '10.104.0',
    source: calicoManifestFile,
    cni: (file: string) =>
      `{ name: calico, mode: vxlan, version: v3.31.0, source: { kind: file, file: ${file} } }`,
  },
  {
    network: 'cilium' as const,
    subnet: '10.105.0',
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

const POOL = /^10\.42\.(12[89]|1[3-9]\d|2\d\d)\./;

describe.each(NETWORKS)('the real $network', ({ network, subnet, source, cni }) => {
  const lab = `it-real-${network}`;
  const missing = imagesMissing(network);
  let folder: string;
  let kube: Kube;
  beforeAll(async () => {
    if (missing.length > 0) return;
    folder = await specFolder({ name: lab, net: subnet, servers: 1, agents: 1 });
    await must(['lab', 'up', '--cluster', '--timeout', '300'], folder);
    kube = await kubeOf(lab, folder);
    const spec = join(folder, 'drover.yaml');
    const text = await readFile(spec, 'utf8');
    await writeFile(spec, text.replace(/^ {4}nodes: .*$/m, `$&\n    cni: ${cni(await source(folder))}`));
  });
  afterAll(async () => {
    if (missing.length > 0) return;
    kube.close();
    await drover(['lab', 'down', lab], folder);
    await rm(folder, { recursive: true });
  });

  /** Every pod with an address of its own has one in the pool, or none has. */
  const podsIn = (pool: boolean): Promise<unknown> =>
    eventually(
      kube,
      PODS,
      (pods) =>
        [...pods.values()]
          .filter((pod) => (pod['spec'] as { readonly hostNetwork?: boolean }).hostNetwork !== true)
          .every((pod) => POOL.test((pod['status'] as { readonly podIP?: string }).podIP ?? '') === pool),
      { limitMs: 300_000 },
    );

  it.skipIf(missing.length > 0)('takes Flannel’s place node by node, is proven, and goes again', async () => {
    await must(['apply', '--lab', lab, '--yes'], folder);
    await podsIn(true);
    await must(['verify', '--lab', lab], folder);
    await must(['rollback', '--lab', lab, '--yes'], folder);
    await podsIn(false);
    expect((await drover(['verify', '--lab', lab], folder)).status).toBe(0);
  });
});
