import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { connectKube } from '../../../src/app/lab/connect-kube.js';
import type { Kube, KubeObject, KubeRef } from '../../../src/core/ports/kube.js';
import type { CheckResult } from '../../../src/verify/check.js';
import { checkNetwork } from '../../../src/verify/network.js';
import { removeProbes } from '../../../src/verify/probes.js';
import { waitFor } from '../../../src/verify/wait.js';
import { must, onHost } from './cli.js';

export const PODS = { group: '', version: 'v1', plural: 'pods' } as const;
export const NODES = { group: '', version: 'v1', plural: 'nodes' } as const;
export const CONFIG_MAPS = { group: '', version: 'v1', plural: 'configmaps' } as const;
const LEASES = { group: 'coordination.k8s.io', version: 'v1', plural: 'leases' } as const;

const IMAGES = new URL('../../../lab/engine/images.json', import.meta.url);

export const image = async (name: string): Promise<string> =>
  (JSON.parse(await readFile(IMAGES, 'utf8')) as Record<string, string>)[name] ?? '';

/** A client of a lab's cluster, by the kubeconfig that users get. */
export const kubeOf = async (lab: string, folder: string): Promise<Kube> =>
  connectKube(await must(['lab', 'kubeconfig', '--lab', lab], folder));

export const value = <T>(result: { ok: true; value: T } | { ok: false; error: unknown }): T => {
  if (result.ok) return result.value;
  throw new Error(JSON.stringify(result.error));
};

/** Waits until a condition holds over all objects of a list; fails with what was there last. */
export const eventually = async (
  kube: Kube,
  resource: KubeRef['resource'],
  holds: (objects: ReadonlyMap<string, KubeObject>) => boolean,
  where: { readonly namespace?: string; readonly limitMs?: number } = {},
): Promise<ReadonlyMap<string, KubeObject>> => {
  const options = { limitMs: 300_000, signal: new AbortController().signal, ...where };
  const waited = await waitFor(kube, resource, options, holds);
  if (waited.held) return waited.objects;
  const last = JSON.stringify([...waited.objects.values()].map((object) => object['status']));
  throw new Error(`waited in vain: ${waited.problem ?? ''} ${last}`);
};

interface Status {
  readonly phase?: string;
  readonly conditions?: readonly { readonly type: string; readonly status: string }[];
}

export const holds = (object: KubeObject | undefined, type: string): boolean =>
  (object?.['status'] as Status | undefined)?.conditions?.some(
    (condition) => condition.type === type && condition.status === 'True',
  ) ?? false;

/** Waits until nodes renewed their leases after `since` and are Ready; servers have a vote again, too. */
export const alive = async (kube: Kube, nodes: readonly string[], since: number): Promise<void> => {
  const renewed = (lease: KubeObject | undefined): boolean =>
    Date.parse((lease?.['spec'] as { readonly renewTime?: string } | undefined)?.renewTime ?? '') > since;
  await eventually(kube, LEASES, (leases) => nodes.every((node) => renewed(leases.get(node))), {
    namespace: 'kube-node-lease',
  });
  await eventually(kube, NODES, (all) =>
    nodes.every(
      (node) =>
        holds(all.get(node), 'Ready') && (!node.startsWith('server') || holds(all.get(node), 'EtcdIsVoter')),
    ),
  );
};

const failing = (results: readonly CheckResult[]): readonly string[] =>
  results
    .filter(({ status }) => status === 'fail')
    .map(({ check, node, to, detail, retried }) =>
      [
        `${check} ${node ?? ''} → ${to ?? ''}: ${detail}`,
        ...(retried === undefined ? [] : [`${retried.attempts} tries in ${retried.seconds} s`]),
      ].join('; '),
    );

/** The whole network check of Drover: how many of each kind were tried, and what failed. */
export const matrix = async (
  kube: Kube,
  nodes: readonly string[],
): Promise<{ readonly tried: Readonly<Record<string, number>>; readonly failed: readonly string[] }> => {
  const namespace = `drover-verify-${randomUUID().slice(0, 8)}`;
  const expires = new Date(Date.now() + 600_000).toISOString();
  const names = { namespace, image: await image('busybox'), expires };
  const dnsNames = ['kubernetes.default.svc.cluster.local'];
  const { signal } = new AbortController();
  const results = await checkNetwork({ kube, nodes, names, dnsNames, limitMs: 180_000, signal });
  await removeProbes(kube, namespace);
  const tried: Record<string, number> = {};
  for (const { check } of results) tried[check] = (tried[check] ?? 0) + 1;
  return { tried, failed: failing(results) };
};

/** As many attempts of every kind as there are pairs and sources: nothing was left out. */
export const wholeMatrix = (nodes: number): Readonly<Record<string, number>> => ({
  ...Object.fromEntries(
    ['pod-to-pod', 'pod-to-pod-large', 'pod-to-host', 'host-to-pod', 'host-to-pod-large', 'host-to-host'].map(
      (kind) => [kind, nodes * nodes],
    ),
  ),
  ...Object.fromEntries(
    ['cluster-ip', 'cluster-ip-from-host', 'dns', 'dns-from-host', 'probe-pods', 'exec', 'logs'].map(
      (kind) => [kind, nodes],
    ),
  ),
});

export interface PodChoice {
  readonly name: string;
  readonly node?: string;
  readonly command: string;
  readonly claim?: string;
}

/** A pod of busybox in the default namespace that is Running when this resolves. */
export const runPod = async (kube: Kube, choice: PodChoice): Promise<KubeObject> => {
  const { name, node, command, claim } = choice;
  const pod: KubeObject = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default' },
    spec: {
      ...(node === undefined ? {} : { nodeName: node }),
      terminationGracePeriodSeconds: 0,
      tolerations: [{ operator: 'Exists' }],
      containers: [
        {
          name: 'main',
          image: await image('busybox'),
          command: ['sh', '-c', command],
          ...(claim === undefined ? {} : { volumeMounts: [{ name: 'data', mountPath: '/data' }] }),
        },
      ],
      ...(claim === undefined
        ? {}
        : { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: claim } }] }),
    },
  };
  value(await kube.create({ resource: PODS, namespace: 'default' }, pod));
  const pods = await eventually(kube, PODS, (all) => holds(all.get(name), 'Ready'), { namespace: 'default' });
  return pods.get(name) ?? pod;
};

/** Runs a shell command in a pod of the default namespace. */
export const inPod = async (
  kube: Kube,
  name: string,
  command: string,
): Promise<{ readonly status: number; readonly text: string }> => {
  const ran = value(await kube.exec({ namespace: 'default', name }, ['sh', '-c', command]));
  return { status: ran.status, text: ran.stdout.toString().trim() };
};

/** Runs a command as root on a host that must succeed; its stdout. */
export const rootOn = async (lab: string, host: string, command: string, folder: string): Promise<string> => {
  const done = await onHost(lab, host, command, folder);
  if (done.status !== 0)
    throw new Error(`${host}: ${command}: ${done.status}\n${done.stdout}\n${done.stderr}`);
  return done.stdout.trim();
};

/** Writes a ConfigMap into the default namespace; gives up soon, for clusters that cannot write. */
export const writeConfigMap = (kube: Kube, name: string) => {
  const object = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'default' },
    data: { written: 'yes' },
  };
  return kube.create({ resource: CONFIG_MAPS, namespace: 'default' }, object, { timeoutMs: 3000 });
};

/** Reads what {@link writeConfigMap} wrote. */
export const readConfigMap = (kube: Kube, name: string) =>
  kube.get({ resource: CONFIG_MAPS, namespace: 'default', name });
