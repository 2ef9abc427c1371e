import { z } from 'zod';
import type { KubeObject } from '../../core/ports/kube.js';
import { printable } from '../../core/text.js';
import { isNetworkAnnotation } from '../cni/cluster-signs.js';
import type { NodeFacts } from './cluster-facts.js';

const ETCD_ROLE = 'node-role.kubernetes.io/etcd';
const FLANNEL = 'flannel.alpha.coreos.com/backend-type';

/** Remembers which labels and taints are Drover's, so that one that leaves the spec leaves the node, and no other. */
export const OWNED = 'drover.dev/owned';

const ownedSchema = z.object({ labels: z.array(z.string()), taints: z.array(z.string()) });

const ownedOf = (annotation: string | undefined): NodeFacts['owned'] => {
  try {
    const read = ownedSchema.safeParse(JSON.parse(annotation ?? ''));
    return read.data ?? { labels: [], taints: [] };
  } catch {
    return { labels: [], taints: [] };
  }
};

const rawConditionSchema = z.object({
  type: z.string(),
  status: z.string(),
  reason: z.string().default(''),
  message: z.string().default(''),
});

/** The members of a node that are read; all others are left alone. */
const rawNodeSchema = z.object({
  spec: z
    .object({
      podCIDR: z.string().optional(),
      unschedulable: z.boolean().default(false),
      taints: z
        .array(z.object({ key: z.string(), value: z.string().optional(), effect: z.string() }))
        .default([]),
    })
    .prefault({}),
  status: z
    .object({
      conditions: z.array(rawConditionSchema).default([]),
      addresses: z.array(z.object({ type: z.string(), address: z.string() })).default([]),
      nodeInfo: z.object({ kubeletVersion: z.string().default('') }).prefault({}),
    })
    .prefault({}),
});

const byKey = (a: { readonly key: string }, b: { readonly key: string }): number => (a.key < b.key ? -1 : 1);

/** Reads a node. Pure. */
export const nodeFacts = (node: KubeObject): NodeFacts => {
  const { spec, status } = rawNodeSchema.parse(node);
  const { name, uid = '', labels = {}, annotations = {} } = node.metadata;
  const address = status.addresses.find(({ type }) => type === 'InternalIP')?.address;
  const voter = status.conditions.find(({ type }) => type === 'EtcdIsVoter')?.status === 'True';
  const backend = annotations[FLANNEL];
  const ofNetworks = Object.keys(annotations).filter(isNetworkAnnotation).sort();
  return {
    name,
    uid,
    ...(address === undefined ? {} : { address }),
    version: status.nodeInfo.kubeletVersion,
    labels: { ...labels },
    taints: [...spec.taints].sort(byKey),
    unschedulable: spec.unschedulable,
    owned: ownedOf(annotations[OWNED]),
    ...(spec.podCIDR === undefined ? {} : { podRange: spec.podCIDR }),
    conditions: status.conditions.map((one) => ({ ...one, message: printable(one.message) })),
    ...(labels[ETCD_ROLE] === undefined ? {} : { etcd: voter ? 'voter' : 'learner' }),
    ...(backend === undefined ? {} : { flannelBackend: backend }),
    ...(ofNetworks.length === 0 ? {} : { networkAnnotations: ofNetworks }),
  };
};

/** Status of a condition: `True`, `False`, `Unknown`, or `absent`. */
export const conditionOf = (node: NodeFacts, type: string): string =>
  node.conditions.find((one) => one.type === type)?.status ?? 'absent';
