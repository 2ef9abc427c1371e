import { z } from 'zod';
import type { Kube, KubeFailure, KubeObject } from '../../core/ports/kube.js';
import { err, ok, type Result } from '../../core/result.js';
import { joinSignals } from '../../core/signals.js';
import { sentence } from '../../core/text.js';
import type { StepFailure } from '../failure.js';
import { failureOfKube } from '../kube-failure.js';

const PODS = { group: '', version: 'v1', plural: 'pods' } as const;

/** Evictions that were refused are tried again when something changes on the node, or after this long. */
const AGAIN_MS = 2_000;

const podSchema = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: z.string(),
    annotations: z.record(z.string(), z.string()).default({}),
    ownerReferences: z
      .array(z.object({ kind: z.string(), controller: z.boolean().default(false) }))
      .default([]),
    deletionTimestamp: z.string().optional(),
  }),
  status: z.object({ phase: z.string().default('') }).prefault({}),
});

/** A pod that must go before its node may. */
export interface LeavingPod {
  readonly namespace: string;
  readonly name: string;
  /** It was asked to end already. */
  readonly ending: boolean;
  /** Nobody makes it again elsewhere. */
  readonly bare: boolean;
}

/** Pods that a drain moves: not those of DaemonSets, not those that the node itself made, not those that ended. Pure. */
export const leavingPods = (pods: readonly KubeObject[]): LeavingPod[] =>
  pods.flatMap((pod) => {
    const { metadata, status } = podSchema.parse(pod);
    const stays =
      metadata.ownerReferences.some(({ kind }) => kind === 'DaemonSet') ||
      'kubernetes.io/config.mirror' in metadata.annotations ||
      status.phase === 'Succeeded' ||
      status.phase === 'Failed';
    const { namespace, name, deletionTimestamp } = metadata;
    const bare = !metadata.ownerReferences.some(({ controller }) => controller);
    return stays ? [] : [{ namespace, name, ending: deletionTimestamp !== undefined, bare }];
  });

const eviction = ({ namespace, name }: LeavingPod): KubeObject => ({
  apiVersion: 'policy/v1',
  kind: 'Eviction',
  metadata: { name, namespace },
});

/** Asks for one pod to leave; undefined when it is on its way, else who refuses. */
const evict = async (kube: Kube, pod: LeavingPod, signal: AbortSignal): Promise<KubeFailure | undefined> => {
  if (pod.ending) return undefined;
  const below = { name: pod.name, subresource: 'eviction' };
  const asked = await kube.create({ resource: PODS, namespace: pod.namespace, below }, eviction(pod), {
    signal,
  });
  return asked.ok || asked.error.kind === 'not-found' ? undefined : asked.error;
};

const onNode = (node: string) => ({ fieldSelector: `spec.nodeName=${node}` });

/** Pods on a node that a drain moves. */
export const podsOn = async (
  kube: Pick<Kube, 'list'>,
  node: string,
  signal: AbortSignal,
): Promise<Result<readonly LeavingPod[], StepFailure>> => {
  const all: KubeObject[] = [];
  for await (const page of kube.list(PODS, { ...onNode(node), signal })) {
    if (!page.ok) return err(failureOfKube(page.error, `cannot list the pods on ${node}`));
    all.push(...page.value.items);
  }
  return ok(leavingPods(all));
};

/** Resolves when pods of the node are not those any more, or after a while: a budget may allow more then. */
const nextChange = async (
  kube: Kube,
  { node, left }: { readonly node: string; readonly left: readonly LeavingPod[] },
  signal: AbortSignal,
): Promise<void> => {
  const limit = joinSignals([signal], AGAIN_MS);
  try {
    for await (const event of kube.watch(PODS, { ...onNode(node), signal: limit.signal })) {
      if (!event.ok || event.value.type !== 'RELISTED') return;
      // Some may have gone between the last list and this one, and nobody would tell of them again.
      if (leavingPods(event.value.items).length !== left.length) return;
    }
  } finally {
    limit.release();
  }
};

export const namesOf = (pods: readonly LeavingPod[]): string =>
  sentence(pods.map(({ namespace, name }) => `${namespace}/${name}`));

const blocked = (node: string, refusals: readonly string[], left: readonly LeavingPod[]): StepFailure => ({
  class: 'person',
  code: 'k3s-drain-blocked',
  host: node,
  message: `${node} is not empty in time: ${namesOf(left)} ${left.length === 1 ? 'stays' : 'stay'}`,
  cause: refusals.join('\n') || 'they were asked to end and have not yet',
});

export interface DrainInput {
  readonly node: string;
  readonly limitMs: number;
  readonly signal: AbortSignal;
  readonly progress: (text: string) => void;
}

/**
 * Empties a node through the eviction API, which respects disruption budgets. Ends when nothing is left that must
 * go, or says after `limitMs` which pods stay and who refused.
 */
export const drainPods = async (kube: Kube, input: DrainInput): Promise<Result<void, StepFailure>> => {
  const limit = joinSignals([input.signal], input.limitMs);
  try {
    for (;;) {
      const left = await podsOn(kube, input.node, input.signal);
      if (!left.ok) return left;
      if (left.value.length === 0) return ok(undefined);
      const answers = await Promise.all(left.value.map((pod) => evict(kube, pod, input.signal)));
      const refusals = left.value.flatMap((pod, index) => {
        const answer = answers[index];
        return answer === undefined ? [] : [`${pod.namespace}/${pod.name}: ${answer.message}`];
      });
      if (limit.signal.aborted) return err(blocked(input.node, refusals, left.value));
      input.progress(refusals[0] ?? `${left.value.length} pods are ending`);
      await nextChange(kube, { node: input.node, left: left.value }, limit.signal);
    }
  } finally {
    limit.release();
  }
};
