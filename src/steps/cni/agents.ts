import { z } from 'zod';
import { err, ok, type Result } from '../../core/result.js';
import type { StepFailure } from '../failure.js';
import { failureOfKube } from '../kube-failure.js';
import type { KubeReads } from '../kube-reads.js';
import { PODS } from './network-pods.js';
import { reasonOf } from './pod-reason.js';

const DAEMON_SETS = { group: 'apps', version: 'v1', plural: 'daemonsets' } as const;

const daemonSetSchema = z.object({
  metadata: z.object({ uid: z.string().default(''), generation: z.number().int().default(0) }),
  status: z
    .object({
      observedGeneration: z.number().int().default(0),
      desiredNumberScheduled: z.number().int().default(0),
      updatedNumberScheduled: z.number().int().default(0),
      numberReady: z.number().int().default(0),
    })
    .prefault({}),
});

const podSchema = z.object({
  metadata: z.object({
    name: z.string(),
    ownerReferences: z.array(z.object({ uid: z.string() })).default([]),
  }),
  spec: z.object({ nodeName: z.string().default('') }).prefault({}),
  status: z
    .object({ conditions: z.array(z.object({ type: z.string(), status: z.string() })).default([]) })
    .prefault({}),
});

/** One agent’s pod that is not ready, and why. */
interface Late {
  readonly node: string;
  readonly pod: string;
  readonly reason: string;
}

/** How the agents of one DaemonSet are. */
export interface AgentState {
  readonly ready: number;
  readonly wanted: number;
  /** All are of the present template, and ready. */
  readonly whole: boolean;
  readonly late: readonly Late[];
}

/** `NAMESPACE/NAME` of a DaemonSet. */
const refOf = (agent: string) => {
  const [namespace = '', name = ''] = agent.split('/');
  return { resource: DAEMON_SETS, namespace, name };
};

const lateOf = async (
  kube: KubeReads,
  namespace: string,
  uid: string,
  signal: AbortSignal,
): Promise<Result<readonly Late[], StepFailure>> => {
  const late: Late[] = [];
  for await (const page of kube.list(PODS, { namespace, signal })) {
    if (!page.ok) return err(failureOfKube(page.error, `cannot list the pods of ${namespace}`));
    for (const item of page.value.items) {
      const { metadata, spec, status } = podSchema.parse(item);
      const own = metadata.ownerReferences.some((owner) => owner.uid === uid);
      const ready = status.conditions.some((one) => one.type === 'Ready' && one.status === 'True');
      if (!own || ready) continue;
      const reason = await reasonOf(kube, item, signal);
      late.push({ node: spec.nodeName, pod: `${namespace}/${metadata.name}`, reason });
    }
  }
  return ok(late);
};

/** How the agents are, with the reason of each that is not ready. */
export const agentState = async (
  kube: KubeReads,
  agent: string,
  signal: AbortSignal,
): Promise<Result<AgentState, StepFailure>> => {
  const ref = refOf(agent);
  const found = await kube.get(ref, { signal });
  if (!found.ok && found.error.kind === 'not-found')
    return ok({ ready: 0, wanted: 0, whole: false, late: [] });
  if (!found.ok) return err(failureOfKube(found.error, `cannot look at the DaemonSet ${agent}`));
  const { metadata, status } = daemonSetSchema.parse(found.value);
  const { desiredNumberScheduled: wanted, updatedNumberScheduled: updated, numberReady: ready } = status;
  const seen = status.observedGeneration >= metadata.generation;
  const whole = seen && wanted > 0 && updated >= wanted && ready >= wanted;
  const late = whole ? ok([]) : await lateOf(kube, ref.namespace, metadata.uid, signal);
  return late.ok ? ok({ ready, wanted, whole, late: late.value }) : late;
};

/** The last lines of an agent’s pod on a node: they often tell what its health does not. */
export const agentWords = async (
  kube: KubeReads,
  agents: readonly string[],
  node: string,
  signal: AbortSignal,
): Promise<string> => {
  for (const agent of agents) {
    const { namespace } = refOf(agent);
    const found = await kube.get(refOf(agent), { signal });
    if (!found.ok) continue;
    for await (const page of kube.list(PODS, { namespace, fieldSelector: `spec.nodeName=${node}`, signal })) {
      if (!page.ok) break;
      const own = page.value.items.find((item) => {
        const { metadata, spec } = podSchema.parse(item);
        return (
          spec.nodeName === node &&
          metadata.ownerReferences.some(({ uid }) => uid === found.value.metadata.uid)
        );
      });
      if (own === undefined) continue;
      const log = await kube.logs({ namespace, name: own.metadata.name }, { tailLines: 3, signal });
      const words = log.ok ? log.value.trim().split('\n').slice(-3).join(' · ') : log.error.message;
      return `${namespace}/${own.metadata.name}: ${words}`;
    }
  }
  return '';
};
