import { z } from 'zod';
import type { KubeObject } from '../../core/ports/kube.js';

/** How long a pod stays bound to a node that is not reached any more, in seconds; null = for ever. */
type Patience = number | null;

const UNREACHABLE = 'node.kubernetes.io/unreachable';

const podSchema = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: z.string(),
    uid: z.string().default(''),
    annotations: z.record(z.string(), z.string()).default({}),
    ownerReferences: z
      .array(z.object({ kind: z.string(), uid: z.string(), controller: z.boolean().default(false) }))
      .default([]),
    deletionTimestamp: z.string().optional(),
  }),
  spec: z.object({
    nodeName: z.string().optional(),
    tolerations: z
      .array(
        z.object({
          key: z.string().optional(),
          operator: z.string().default('Equal'),
          effect: z.string().default(''),
          tolerationSeconds: z.number().optional(),
        }),
      )
      .default([]),
    volumes: z
      .array(z.object({ persistentVolumeClaim: z.object({ claimName: z.string() }).optional() }))
      .default([]),
  }),
  status: z
    .object({
      phase: z.string().default(''),
      conditions: z
        .array(z.object({ type: z.string(), status: z.string(), message: z.string().default('') }))
        .default([]),
    })
    .prefault({}),
});

/** A pod as far as the loss of a node concerns it. */
export interface DrillPod {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly node: string | undefined;
  /** UID of the controller that makes it again; undefined = nobody does. */
  readonly owner: string | undefined;
  /** One runs on every node, or belongs to the node itself: it does not move. */
  readonly bound: boolean;
  readonly ended: boolean;
  readonly ending: boolean;
  readonly ready: boolean;
  readonly patience: Patience;
  /** Claims of volumes, `NAMESPACE/NAME`. */
  readonly claims: readonly string[];
  /** Why it has no node yet. */
  readonly waits: string;
}

type Pod = z.infer<typeof podSchema>;

/** The shortest toleration counts, as the taint manager sees it; none at all = at once. */
const patienceOf = ({ spec }: Pod): Patience => {
  const fitting = spec.tolerations.filter(
    ({ key, operator, effect }) =>
      (key === UNREACHABLE || (key === undefined && operator === 'Exists')) &&
      (effect === '' || effect === 'NoExecute'),
  );
  if (fitting.length === 0) return 0;
  const limits = fitting.flatMap(({ tolerationSeconds }) => tolerationSeconds ?? []);
  return limits.length === 0 ? null : Math.max(0, Math.min(...limits));
};

export const drillPods = (pods: readonly KubeObject[]): DrillPod[] =>
  pods.map((object) => {
    const pod = podSchema.parse(object);
    const { metadata, spec, status } = pod;
    const owner = metadata.ownerReferences.find(({ controller }) => controller);
    const condition = (type: string) => status.conditions.find((one) => one.type === type);
    return {
      namespace: metadata.namespace,
      name: metadata.name,
      uid: metadata.uid,
      node: spec.nodeName,
      owner: owner?.uid,
      bound:
        owner?.kind === 'DaemonSet' ||
        owner?.kind === 'Node' ||
        'kubernetes.io/config.mirror' in metadata.annotations,
      ended: status.phase === 'Succeeded' || status.phase === 'Failed',
      ending: metadata.deletionTimestamp !== undefined,
      ready: condition('Ready')?.status === 'True',
      patience: patienceOf(pod),
      claims: spec.volumes.flatMap(({ persistentVolumeClaim: claim }) =>
        claim === undefined ? [] : [`${metadata.namespace}/${claim.claimName}`],
      ),
      waits: condition('PodScheduled')?.status === 'False' ? (condition('PodScheduled')?.message ?? '') : '',
    };
  });

export interface Movable {
  /** Pods that come up on another node when theirs is lost. */
  readonly moving: readonly DrillPod[];
  /** Pods that stand still until their node is back, with the reason. */
  readonly staying: readonly { readonly pod: DrillPod; readonly why: string }[];
}

const whyStays = (pod: DrillPod, pinned: readonly string[], outOfService: boolean): string | undefined => {
  if (pod.owner === undefined) return 'nobody makes it again elsewhere';
  const claim = pod.claims.find((name) => pinned.includes(name));
  if (claim !== undefined) return `the only copy of ${claim} is on that node`;
  return pod.patience === null && !outOfService ? 'it tolerates the loss of its node for ever' : undefined;
};

/** What becomes of the pods of a node that is lost. Pure. */
export const movable = (
  pods: readonly DrillPod[],
  node: string,
  { pinned, outOfService }: { readonly pinned: readonly string[]; readonly outOfService: boolean },
): Movable => {
  const concerned = pods.filter((pod) => pod.node === node && !pod.bound && !pod.ended && !pod.ending);
  const judged = concerned.map((pod) => ({ pod, why: whyStays(pod, pinned, outOfService) }));
  return {
    moving: judged.flatMap(({ pod, why }) => (why === undefined ? [pod] : [])),
    staying: judged.flatMap(({ pod, why }) => (why === undefined ? [] : [{ pod, why }])),
  };
};

/** How many pods of each controller must be ready on other nodes for `moving` to have moved. Pure. */
export const wantedElsewhere = (
  pods: readonly DrillPod[],
  moving: readonly DrillPod[],
): ReadonlyMap<string, number> => {
  const owners = new Set(moving.flatMap(({ owner }) => owner ?? []));
  const counted = pods.filter(
    ({ owner, ending, ended }) => owner !== undefined && owners.has(owner) && !ending && !ended,
  );
  return new Map([...owners].map((owner) => [owner, counted.filter((pod) => pod.owner === owner).length]));
};

/** Controllers that do not have enough ready pods elsewhere yet, each with why, as far as a pod tells it. Pure. */
export const lagging = (
  pods: readonly DrillPod[],
  node: string,
  wanted: ReadonlyMap<string, number>,
): readonly { readonly owner: string; readonly why: string }[] =>
  [...wanted].flatMap(([owner, count]) => {
    const own = pods.filter((pod) => pod.owner === owner);
    const ready = own.filter((pod) => pod.node !== node && pod.ready && !pod.ending);
    if (ready.length >= count) return [];
    const told = own.find(({ waits }) => waits !== '');
    const name = told ?? own.find((pod) => pod.node === node) ?? own[0];
    const about = name === undefined ? owner : `${name.namespace}/${name.name}`;
    return [{ owner, why: told === undefined ? `${about} has not moved` : `${about}: ${told.waits}` }];
  });
