import { z } from 'zod';
import type { Kube, KubeObject } from '../../core/ports/kube.js';
import { err, ok, type Result } from '../../core/result.js';
import type { StepFailure } from '../failure.js';
import { failureOfKube } from '../kube-failure.js';

export const PODS = { group: '', version: 'v1', plural: 'pods' } as const;

const podSchema = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: z.string().default(''),
    uid: z.string().default(''),
    annotations: z.record(z.string(), z.string()).default({}),
    labels: z.record(z.string(), z.string()).default({}),
    ownerReferences: z
      .array(
        z.object({
          kind: z.string(),
          name: z.string(),
          uid: z.string(),
          controller: z.boolean().default(false),
        }),
      )
      .default([]),
    deletionTimestamp: z.string().optional(),
  }),
  spec: z.object({ nodeName: z.string().default(''), hostNetwork: z.boolean().default(false) }).prefault({}),
  status: z
    .object({
      phase: z.string().default(''),
      podIP: z.string().optional(),
      conditions: z.array(z.object({ type: z.string(), status: z.string() })).default([]),
    })
    .prefault({}),
});

/** Who makes a pod again. */
export interface PodOwner {
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
}

/** A pod that uses the cluster network: not one on its host's network, not one that the node itself made. */
export interface NetworkPod {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly node: string;
  /** Absent until its sandbox has a network. */
  readonly address?: string;
  readonly ready: boolean;
  /** It was asked to end. */
  readonly ending: boolean;
  /** It has run to its end. */
  readonly over: boolean;
  /** Drover’s own, made for a moment: nobody misses it. */
  readonly ephemeral: boolean;
  /** Absent = nobody makes it again. */
  readonly owner?: PodOwner;
  readonly object: KubeObject;
}

const MIRROR = 'kubernetes.io/config.mirror';

/** Label of pods that Drover makes for a moment, to look at a network. */
const PROBE = 'drover.dev/probe';

/** Reads the pods that use the cluster network. Pure. */
export const networkPods = (objects: readonly KubeObject[]): NetworkPod[] =>
  objects.flatMap((object): NetworkPod[] => {
    const { metadata, spec, status } = podSchema.parse(object);
    if (spec.hostNetwork || MIRROR in metadata.annotations) return [];
    const owner = metadata.ownerReferences.find(({ controller }) => controller);
    return [
      {
        namespace: metadata.namespace,
        name: metadata.name,
        uid: metadata.uid,
        node: spec.nodeName,
        ...(status.podIP === undefined || status.podIP === '' ? {} : { address: status.podIP }),
        ready: status.conditions.some((one) => one.type === 'Ready' && one.status === 'True'),
        ending: metadata.deletionTimestamp !== undefined,
        ephemeral: PROBE in metadata.labels,
        over: status.phase === 'Succeeded' || status.phase === 'Failed',
        ...(owner === undefined ? {} : { owner: { kind: owner.kind, name: owner.name, uid: owner.uid } }),
        object,
      },
    ];
  });

/** `NAMESPACE/NAME`, as people name pods. */
export const podName = ({ namespace, name }: Pick<NetworkPod, 'namespace' | 'name'>): string =>
  `${namespace}/${name}`;

/** Pods of the cluster network: of one node, or of one namespace. */
export const listNetworkPods = async (
  kube: Pick<Kube, 'list'>,
  where: { readonly node?: string; readonly namespace?: string },
  signal: AbortSignal,
): Promise<Result<readonly NetworkPod[], StepFailure>> => {
  const { node, namespace } = where;
  const options = {
    ...(node === undefined ? {} : { fieldSelector: `spec.nodeName=${node}` }),
    ...(namespace === undefined ? {} : { namespace }),
    signal,
  };
  const all: KubeObject[] = [];
  for await (const page of kube.list(PODS, options)) {
    if (!page.ok) return err(failureOfKube(page.error, `cannot list the pods of ${node ?? namespace ?? ''}`));
    all.push(...page.value.items);
  }
  const pods = networkPods(all);
  // A server that does not know the field would list the pods of all nodes.
  return ok(node === undefined ? pods : pods.filter((pod) => pod.node === node));
};
