import { expect, vi } from 'vitest';
import { image } from '../lab/support/cluster.js';
import type { Bed } from './rig.js';

/** kubectl on a server; what it printed. */
export const kubectl = (bed: Bed, words: string, host = 'server-1'): Promise<string> =>
  bed.on(host, `k3s kubectl --kubeconfig /var/lib/rancher/k3s/server/cred/admin.kubeconfig ${words}`);

/** As `kubectl`, for something that may not be there yet: its output, or the error's. */
export const kubectlNow = async (bed: Bed, words: string, host = 'server-1'): Promise<string> =>
  (
    await bed.run(
      host,
      `k3s kubectl --kubeconfig /var/lib/rancher/k3s/server/cred/admin.kubeconfig ${words} 2>&1`,
    )
  ).text.trim();

const READY = `get nodes -o jsonpath='{range .items[*]}{.metadata.name}={.status.conditions[?(@.type=="Ready")].status} {end}'`;

/** Waits until exactly these nodes are there and Ready. */
export const nodesReady = async (bed: Bed, nodes: readonly string[], host = 'server-1'): Promise<void> => {
  const wanted = nodes.map((node) => `${node}=True`).sort();
  await vi.waitFor(
    async () => {
      const found = (await kubectlNow(bed, READY, host)).split(' ').sort();
      expect(found).toEqual(wanted);
    },
    { timeout: 300_000, interval: 300 },
  );
};

/** Manifest of a pod that stays: of busybox unless another image is named. */
export const pod = async (
  name: string,
  node: string,
  more: { readonly image?: string; readonly command?: string } = {},
) =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { app: name } },
    spec: {
      nodeName: node,
      terminationGracePeriodSeconds: 0,
      tolerations: [{ operator: 'Exists', effect: 'NoSchedule' }],
      containers: [
        {
          name: 'main',
          image: more.image ?? (await image('busybox')),
          imagePullPolicy: 'IfNotPresent',
          command: ['sh', '-c', more.command ?? 'exec sleep 100000'],
        },
      ],
    },
  });

/** Applies a manifest through the API. */
export const apply = (bed: Bed, manifest: string): Promise<string> =>
  bed.on(
    'server-1',
    'k3s kubectl --kubeconfig /var/lib/rancher/k3s/server/cred/admin.kubeconfig apply -f -',
    manifest,
  );

/** Waits until a pod of the default namespace is Ready. */
export const podReady = async (bed: Bed, name: string): Promise<void> => {
  await kubectl(bed, `wait --for=condition=Ready --timeout=300s pod/${name}`);
};
