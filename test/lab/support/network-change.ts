import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Kube, KubeObject } from '../../../src/core/ports/kube.js';
import { eventually, image, PODS, rootOn, value } from './cluster.js';

const DEPLOYMENTS = { group: 'apps', version: 'v1', plural: 'deployments' } as const;

/** An application with replicas on every node. */
const web = (from: string, replicas: number): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'default' },
  spec: {
    replicas,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: {
        terminationGracePeriodSeconds: 0,
        tolerations: [{ operator: 'Exists' }],
        topologySpreadConstraints: [
          {
            maxSkew: 1,
            topologyKey: 'kubernetes.io/hostname',
            whenUnsatisfiable: 'ScheduleAnyway',
            labelSelector: { matchLabels: { app: 'web' } },
          },
        ],
        containers: [{ name: 'web', image: from, command: ['httpd', '-f', '-p', '8080'] }],
      },
    },
  },
});

export const runWeb = async (kube: Kube, replicas: number): Promise<void> => {
  const made = web(await image('busybox'), replicas);
  value(await kube.create({ resource: DEPLOYMENTS, namespace: 'default' }, made));
};

const addressOf = (pod: KubeObject): string =>
  (pod['status'] as { readonly podIP?: string } | undefined)?.podIP ?? '';

/** Which half of the pods’ range the application’s pods are in, once all of them run. */
export const halvesOf = async (kube: Kube, replicas: number): Promise<readonly string[]> => {
  const pods = await eventually(
    kube,
    PODS,
    (all) => [...all.values()].filter((pod) => addressOf(pod) !== '').length === replicas,
    { namespace: 'default' },
  );
  const third = [...pods.values()].map((pod) => Number(addressOf(pod).split('.')[2]));
  return [...new Set(third.map((number) => (number >= 128 ? 'upper' : 'lower')))];
};

/** What may be away, and for how long, on a machine that is busy with other labs: the one pod of CoreDNS comes up late there. */
const PATIENT = 'budget: { longest: 120s, total: 600s }';

/** Makes the spec ask for a network; `way` as in `network.change.way`. */
export const askFor = async (folder: string, cni: string, way = 'node-by-node'): Promise<void> => {
  const file = join(folder, 'drover.yaml');
  const text = (await readFile(file, 'utf8')).replaceAll(/\n {4}(cni|change): .*/g, '');
  const change = `{ way: ${way}, ${PATIENT} }`;
  await writeFile(file, text.replace(/\n( {4}nodes: .*)/, `\n$1\n    cni: ${cni}\n    change: ${change}`));
};

/** Devices and routes of a host. */
export const linksOf = (lab: string, host: string, folder: string): Promise<string> =>
  rootOn(lab, host, 'ip -br link; ip route', folder);
