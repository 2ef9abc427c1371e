import type { Clock } from '../core/ports/clock.js';
import type { Kube, KubeObject } from '../core/ports/kube.js';
import { sentence } from '../core/text.js';
import { type CheckResult, fail, passIf } from './check.js';
import { at, list, text } from './objects.js';
import { DEPLOYMENTS, STORAGE_CLASSES } from './resources.js';

export interface WantedAddons {
  readonly coredns: boolean;
  readonly metricsServer: boolean;
  readonly localPath: boolean;
  /** local-path must be the default class. */
  readonly defaultClass: boolean;
}

export interface AddonsInput {
  readonly kube: Kube;
  readonly wanted: WantedAddons;
  /** Nodes that must be measured. */
  readonly nodes: readonly string[];
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

const DEFAULT_CLASS = 'storageclass.kubernetes.io/is-default-class';

const available = (deployment: KubeObject): string => {
  // Somebody may have scaled it to nothing: that is no add-on.
  const wanted = Math.max(1, Number(at(deployment, 'spec', 'replicas') ?? 1));
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

/** metrics-server asks the nodes every 15 s: a node that has just come has no figures yet. */
const METRICS_WAIT_MS = 20_000;
const METRICS_RETRY_MS = 1000;

const askMetrics = async (
  kube: Kube,
  nodes: readonly string[],
  signal: AbortSignal,
): Promise<{ readonly good: boolean; readonly detail: string }> => {
  const answer = await kube.raw('/apis/metrics.k8s.io/v1beta1/nodes', { signal });
  if (!answer.ok) return { good: false, detail: answer.error.message };
  const measured = new Set(
    list(JSON.parse(answer.value), 'items').map((item) => text(item, 'metadata', 'name')),
  );
  const missing = nodes.filter((node) => !measured.has(node));
  return missing.length === 0
    ? { good: true, detail: `figures of ${measured.size} nodes` }
    : { good: false, detail: `no figures of ${sentence(missing)}` };
};

const checkMetrics = async ({ kube, nodes, clock, signal }: AddonsInput): Promise<CheckResult> => {
  const part = { check: 'metrics-api', title: 'The metrics API gives figures of every node' };
  const begun = clock.monotonic();
  for (let attempts = 1; ; attempts += 1) {
    const { good, detail } = await askMetrics(kube, nodes, signal);
    const elapsed = clock.monotonic() - begun;
    const over = elapsed >= METRICS_WAIT_MS || signal.aborted;
    const again = { attempts, seconds: Math.round(elapsed / 1000), failure: detail };
    if (good) return passIf(true, { ...part, detail });
    if (over) return fail({ ...part, detail, ...(attempts === 1 ? {} : { retried: again }) });
    await clock.delay(METRICS_RETRY_MS, signal).catch(() => undefined);
  }
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
export const checkAddons = async (input: AddonsInput): Promise<CheckResult[]> => {
  const { kube, wanted, signal } = input;
  return Promise.all([
    ...(wanted.coredns ? [checkDeployment(kube, 'coredns', signal)] : []),
    ...(wanted.metricsServer ? [checkDeployment(kube, 'metrics-server', signal), checkMetrics(input)] : []),
    ...(wanted.localPath ? [checkDeployment(kube, 'local-path-provisioner', signal)] : []),
    ...(wanted.defaultClass ? [checkClass(kube, signal)] : []),
  ]);
};
