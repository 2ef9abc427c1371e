import type { KubeObject } from '../../core/ports/kube.js';
import { listOf, mapOf } from '../clean/draft.js';
import { podSpecOf } from '../references/pod-template.js';
import type { Resources } from './model.js';
import { quantity } from './quantity.js';

export const NO_RESOURCES: Resources = { cpu: 0, memory: 0, pods: 0 };

const plus = (a: Resources, b: Resources): Resources => ({
  cpu: a.cpu + b.cpu,
  memory: a.memory + b.memory,
  pods: a.pods + b.pods,
});

const times = ({ cpu, memory, pods }: Resources, n: number): Resources => ({
  cpu: cpu * n,
  memory: memory * n,
  pods: pods * n,
});

const requestsOf = (container: unknown): Resources => {
  const { requests, limits } = mapOf(mapOf(container)['resources']);
  // A limit without a request is the request.
  const of = (name: string): number => quantity(mapOf(requests)[name] ?? mapOf(limits)[name]);
  return { cpu: of('cpu'), memory: of('memory'), pods: 0 };
};

/** What one pod asks for: its containers together, or the largest of those that prepare. */
export const podRequests = (spec: Readonly<Record<string, unknown>>): Resources => {
  const main = listOf(spec['containers']).map(requestsOf).reduce(plus, NO_RESOURCES);
  const first = listOf(spec['initContainers']).map(requestsOf);
  return {
    cpu: Math.max(main.cpu, ...first.map(({ cpu }) => cpu)),
    memory: Math.max(main.memory, ...first.map(({ memory }) => memory)),
    pods: 1,
  };
};

/** Adds what a pod of the target asks for; pods that have ended ask for nothing. */
export const addPod = (sum: Resources, pod: KubeObject): Resources =>
  /^(Succeeded|Failed)$/.test(String(mapOf(pod['status'])['phase']))
    ? sum
    : plus(sum, podRequests(mapOf(pod['spec'])));

/** Pods that a workload runs at once; those of a DaemonSet depend on the number of nodes. */
const replicasOf = (object: KubeObject, nodes: number): number => {
  const { replicas, parallelism, suspend } = mapOf(object['spec']);
  switch (object.kind) {
    case 'DaemonSet':
      return nodes;
    case 'Job':
      return suspend === true ? 0 : typeof parallelism === 'number' ? parallelism : 1;
    // They run for a while only.
    case 'CronJob':
      return 0;
    default:
      return typeof replicas === 'number' ? replicas : 1;
  }
};

/** What the pods of a workload ask for together; nothing for other objects. */
export const workloadRequests = (object: KubeObject, nodes: number): Resources => {
  const pod = podSpecOf(object);
  return pod === undefined ? NO_RESOURCES : times(podRequests(pod.spec), replicasOf(object, nodes));
};

export const sumOf = (all: readonly Resources[]): Resources => all.reduce(plus, NO_RESOURCES);
