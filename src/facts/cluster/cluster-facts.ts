import { z } from 'zod';

const conditionSchema = z.strictObject({
  type: z.string(),
  status: z.string(),
  reason: z.string(),
  message: z.string(),
});

const taintSchema = z.strictObject({ key: z.string(), value: z.string().optional(), effect: z.string() });
export type NodeTaint = z.infer<typeof taintSchema>;

/** A node as the API shows it, without what changes by itself every few seconds. */
export const nodeFactsSchema = z.strictObject({
  name: z.string(),
  uid: z.string(),
  address: z.string().optional(),
  /** Version of the kubelet: `v1.36.4+k3s1`. */
  version: z.string(),
  labels: z.record(z.string(), z.string()),
  taints: z.array(taintSchema),
  /** Cordoned: nothing new is placed there. */
  unschedulable: z.boolean(),
  /** Labels and taints (`KEY:EFFECT`) that Drover set. */
  owned: z.strictObject({ labels: z.array(z.string()), taints: z.array(z.string()) }),
  podRange: z.string().optional(),
  conditions: z.array(conditionSchema),
  /** Embedded etcd; absent on nodes without it. */
  etcd: z.enum(['voter', 'learner']).optional(),
  /** `vxlan`, `host-gw` …, as Flannel says it on the node. */
  flannelBackend: z.string().optional(),
  /** Keys of annotations that cluster networks write; absent = none. */
  networkAnnotations: z.array(z.string()).optional(),
});
export type NodeFacts = z.infer<typeof nodeFactsSchema>;

const workloadSchema = z.strictObject({
  kind: z.enum(['Deployment', 'DaemonSet']),
  namespace: z.string(),
  name: z.string(),
  wanted: z.number().int(),
  ready: z.number().int(),
  /** K3s has deployed it from its own manifests. */
  packaged: z.literal(true).optional(),
  /** Range from which the cluster network that it belongs to cuts blocks, where Drover has put it there. */
  pool: z.string().optional(),
  /** How that network is told to carry packets, as Drover says it: `vxlan/cross-subnet`. */
  carriage: z.string().optional(),
});

const volumeSchema = z.strictObject({
  name: z.string(),
  /** The only node that has the data; absent when any node can mount it. */
  node: z.string().optional(),
  /** Folder on that node. */
  path: z.string().optional(),
  claim: z.string().optional(),
  capacity: z.string(),
  reclaim: z.string(),
});

const budgetSchema = z.strictObject({
  namespace: z.string(),
  name: z.string(),
  /** Pods that may be evicted now. */
  allowed: z.number().int(),
  healthy: z.number().int(),
  desired: z.number().int(),
  expected: z.number().int(),
});

/** What the Kubernetes API of a cluster told, at one moment. Holds no secret: secrets are not read. */
export const clusterFactsSchema = z.strictObject({
  /** ISO 8601. */
  at: z.string(),
  /** UID of the namespace `kube-system`: what identifies a cluster. */
  uid: z.string(),
  /** Address of the API that answered. */
  server: z.string(),
  version: z.string(),
  nodes: z.array(nodeFactsSchema),
  /** Deployments of `kube-system` and of monitoring, DaemonSets of all namespaces. */
  workloads: z.array(workloadSchema),
  /** The cluster DNS: its Service address, and pods behind it that are ready. */
  dns: z.strictObject({ address: z.string(), ready: z.number().int() }).optional(),
  classes: z.array(z.strictObject({ name: z.string(), provisioner: z.string(), default: z.boolean() })),
  volumes: z.array(volumeSchema),
  /** Folder on the hosts in which K3s' provisioner makes local volumes. */
  localFolder: z.string().optional(),
  budgets: z.array(budgetSchema),
  /** Pods as a change of network concerns them; absent = they could not be read. Names as `NAMESPACE/NAME`. */
  pods: z
    .strictObject({
      /** Nobody makes them again. */
      bare: z.array(z.string()),
      /** The only one that its owner has. */
      single: z.array(z.string()),
      /** All that have addresses of their own; absent = written by an older version. */
      moving: z.array(z.string()).optional(),
      /** IPv4 addresses in their environment, commands and aliases of hosts. */
      literals: z.array(z.strictObject({ name: z.string(), address: z.string() })).optional(),
      /** How many use the network of their host. */
      onHost: z.number().int(),
    })
    .optional(),
  /** NetworkPolicies, as `NAMESPACE/NAME`; absent = they could not be read. */
  policies: z.array(z.string()).optional(),
  /** Names of CustomResourceDefinitions of cluster networks; absent = none, or they could not be read. */
  networkDefinitions: z.array(z.string()).optional(),
  /** `days left` is rounded down; negative = expired. */
  certificates: z.array(
    z.strictObject({ name: z.string(), notAfter: z.string(), daysLeft: z.number().int() }),
  ),
  /** What could not be read, and why. */
  missing: z.array(z.strictObject({ what: z.string(), detail: z.string() })),
});
export type ClusterFacts = z.infer<typeof clusterFactsSchema>;
