import type { Kube, KubeObject } from '../core/ports/kube.js';
import { type CheckResult, fail, passIf } from './check.js';
import { at, list, text } from './objects.js';
import { DEPLOYMENTS, STORAGE_CLASSES } from './resources.js';

export interface WantedAddons {
  readonly coredns: boolean;
  readonly metricsServer: boolean;
  /** local-path must be the default class. */
  readonly defaultClass: boolean;
}

const DEFAULT_CLASS = 'storageclass.kubernetes.io/is-default-class';

const available = (deployment: KubeObject): string => {
  const wanted = Number(at(deployment, 'spec', 'replicas') ?? 1);
  const ready = Number(at(deployment, 'status', 'availableReplicas') ?? 0);
  return ready >= wanted ? '' : `${ready} of ${wanted} replicas are available`;
};

const checkDeployment = async (kube: Kube, name: string, signal: AbortSignal): Promise<CheckResult> => {
  const part = { check: `addon-${name}`, title: `${name} is available` };
  const found = await kube.get({ resource: DEPLOYMENTS, namespace: 'kube-system', name }, { signal });
  if (!found.ok) return fail({ ...part, detail: found.error.message });
  const problem = available(found.value);
  return passIf(problem === '', { ...part, detail: problem === '' ? 'available' : problem });
};

const checkMetrics = async (kube: Kube, signal: AbortSignal): Promise<CheckResult> => {
  const part = { check: 'metrics-api', title: 'The metrics API gives figures of nodes' };
  const answer = await kube.raw('/apis/metrics.k8s.io/v1beta1/nodes', { signal });
  if (!answer.ok) return fail({ ...part, detail: answer.error.message });
  const items = list(JSON.parse(answer.value), 'items');
  return passIf(items.length > 0, { ...part, detail: `figures of ${items.length} nodes` });
};

const checkClass = async (kube: Kube, signal: AbortSignal): Promise<CheckResult> => {
  const part = { check: 'default-class', title: 'local-path is the default storage class' };
  const found = await kube.get({ resource: STORAGE_CLASSES, name: 'local-path' }, { signal });
  if (!found.ok) return fail({ ...part, detail: found.error.message });
  const marked = text(found.value, 'metadata', 'annotations', DEFAULT_CLASS);
  return passIf(marked === 'true', {
    ...part,
    detail: marked === 'true' ? 'default' : 'not marked as default',
  });
};

/** The add-ons that the spec wants are there and work. */
export const checkAddons = async (
  kube: Kube,
  wanted: WantedAddons,
  signal: AbortSignal,
): Promise<CheckResult[]> =>
  Promise.all([
    ...(wanted.coredns ? [checkDeployment(kube, 'coredns', signal)] : []),
    ...(wanted.metricsServer
      ? [checkDeployment(kube, 'metrics-server', signal), checkMetrics(kube, signal)]
      : []),
    ...(wanted.defaultClass
      ? [checkDeployment(kube, 'local-path-provisioner', signal), checkClass(kube, signal)]
      : []),
  ]);
