import type { KubeObject } from '../../../core/ports/kube.js';
import { count } from '../../../core/text.js';
import { listOf, mapOf } from '../../clean/draft.js';
import type { BundleFinding } from '../../model/report.js';
import type { CheckInput, Resources, TargetCheck } from '../model.js';
import { quantity } from '../quantity.js';
import { sumOf, workloadRequests } from '../requests.js';

const isUsable = (node: KubeObject): boolean => {
  const spec = mapOf(node['spec']);
  const repelled = listOf(spec['taints']).some((taint) => mapOf(taint)['effect'] !== 'PreferNoSchedule');
  return spec['unschedulable'] !== true && !repelled;
};

/** Nodes that take pods without a toleration. */
const usableNodes = ({ target }: CheckInput): readonly KubeObject[] | undefined =>
  target.lists.get('Node')?.filter(isUsable);

const allocatable = (node: KubeObject): Resources => {
  const { cpu, memory, pods } = mapOf(mapOf(node['status'])['allocatable']);
  return { cpu: quantity(cpu), memory: quantity(memory), pods: quantity(pods) };
};

const SHOWN: Readonly<Record<keyof Resources, (value: number) => string>> = {
  cpu: (value) => `${Math.round(value * 100) / 100} CPU`,
  memory: (value) => `${Math.round((value / 2 ** 30) * 100) / 100} GiB of memory`,
  pods: (value) => count(Math.round(value), 'pod'),
};
const MEMBERS = ['cpu', 'memory', 'pods'] as const;

/** Workloads that are not there yet: what is there already is among the pods that run. */
const newWorkloads = ({ carried, target }: CheckInput): readonly KubeObject[] =>
  carried.objects.filter(({ key }) => !target.live.has(key)).map(({ object }) => object);

/** The nodes have room for what the pods ask for, as far as requests tell. */
export const roomOnNodes: TargetCheck = (input) => {
  const nodes = usableNodes(input);
  const { requested } = input.target;
  if (nodes === undefined || requested === undefined) return [];
  const wanted = sumOf(newWorkloads(input).map((object) => workloadRequests(object, nodes.length)));
  const room = sumOf(nodes.map(allocatable));
  const short = MEMBERS.filter(
    (member) => wanted[member] > 0 && wanted[member] > room[member] - requested[member],
  );
  return short.map((member) => ({
    code: 'target-capacity',
    severity: 'error',
    message: `the pods ask for ${SHOWN[member](wanted[member])}, the nodes of the target have ${SHOWN[member](Math.max(0, room[member] - requested[member]))} left of ${SHOWN[member](room[member])}`,
    hint: 'add nodes, or restore fewer replicas: transforms: [{change: replicas, to: 1}]',
  }));
};

const QUOTA_OF: Readonly<Record<string, (all: Resources, objects: readonly KubeObject[]) => number>> = {
  cpu: ({ cpu }) => cpu,
  'requests.cpu': ({ cpu }) => cpu,
  memory: ({ memory }) => memory,
  'requests.memory': ({ memory }) => memory,
  pods: ({ pods }) => pods,
  secrets: (_, objects) => objects.filter(({ kind }) => kind === 'Secret').length,
  configmaps: (_, objects) => objects.filter(({ kind }) => kind === 'ConfigMap').length,
  services: (_, objects) => objects.filter(({ kind }) => kind === 'Service').length,
  persistentvolumeclaims: (_, objects) =>
    objects.filter(({ kind }) => kind === 'PersistentVolumeClaim').length,
  'requests.storage': (_, objects) =>
    objects
      .filter(({ kind }) => kind === 'PersistentVolumeClaim')
      .map(({ spec }) => quantity(mapOf(mapOf(mapOf(spec)['resources'])['requests'])['storage']))
      .reduce((sum, size) => sum + size, 0),
};

const overQuota = (quota: KubeObject, input: CheckInput, nodes: number): readonly BundleFinding[] => {
  const { namespace = '', name } = quota.metadata;
  const spec = mapOf(quota['spec']);
  // Scoped quotas count some pods only; the API judges those when they are made.
  if (listOf(spec['scopes']).length > 0 || spec['scopeSelector'] !== undefined) return [];
  const objects = newWorkloads(input).filter(({ metadata }) => metadata.namespace === namespace);
  const wanted = sumOf(objects.map((object) => workloadRequests(object, nodes)));
  const used = mapOf(mapOf(quota['status'])['used']);
  return Object.entries(mapOf(spec['hard'])).flatMap(([resource, hard]): BundleFinding[] => {
    const more = QUOTA_OF[resource.replace(/^count\//, '')]?.(wanted, objects) ?? 0;
    return more === 0 || quantity(used[resource]) + more <= quantity(hard)
      ? []
      : [
          {
            code: 'target-quota',
            severity: 'error',
            object: `${namespace}/ResourceQuota/${name}`,
            message: `${resource} would be exceeded: ${quantity(used[resource])} of ${quantity(hard)} are used, ${Math.round(more * 1000) / 1000} come`,
            hint: 'raise the quota on the target, or restore less into the namespace',
          },
        ];
  });
};

/** Quotas of the target hold what comes, as far as requests and numbers tell. */
export const roomInQuotas: TargetCheck = (input) => {
  const nodes = usableNodes(input)?.length ?? 1;
  return (input.target.lists.get('ResourceQuota') ?? []).flatMap((quota) => overQuota(quota, input, nodes));
};
