import type { Clock } from '../core/ports/clock.js';
import type { Kube } from '../core/ports/kube.js';
import { sentence } from '../core/text.js';
import { valueAt } from '../spec/path.js';
import { type CheckResult, fail, passIf } from './check.js';
import { list, text } from './objects.js';
import { type Look, lookAgain } from './patience.js';
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

/** Images are unpacked and started, and metrics-server asks the nodes every 15 s: after a build that takes a while. */
const WAIT_MS = 30_000;

const lookAtDeployment = async (kube: Kube, name: string, signal: AbortSignal): Promise<Look> => {
  const found = await kube.get({ resource: DEPLOYMENTS, namespace: 'kube-system', name }, { signal });
  if (!found.ok) return { good: false, detail: found.error.message };
  // Somebody may have scaled it to nothing: that is no add-on.
  const replicas = Number(valueAt(found.value, ['spec', 'replicas']) ?? 1);
  const wanted = Math.max(1, replicas);
  const ready = Number(valueAt(found.value, ['status', 'availableReplicas']) ?? 0);
  return ready >= wanted
    ? { good: true, detail: 'available' }
    : { good: false, detail: `${ready} of ${wanted} replicas are available`, final: replicas === 0 };
};

const checkDeployment = ({ kube, clock, signal }: AddonsInput, name: string): Promise<CheckResult> =>
  lookAgain(
    { check: `addon-${name}`, title: `${name} is available` },
    () => lookAtDeployment(kube, name, signal),
    { clock, limitMs: WAIT_MS, signal },
  );

const lookAtMetrics = async ({ kube, nodes, signal }: AddonsInput): Promise<Look> => {
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

const checkMetrics = async (input: AddonsInput): Promise<CheckResult[]> => {
  const { clock, signal } = input;
  const part = { check: 'metrics-api', title: 'The metrics API gives figures of every node' };
  const server = await checkDeployment(input, 'metrics-server');
  // Without the server nobody gives figures: waiting for them would only take time.
  const limitMs = server.status === 'pass' ? WAIT_MS : 0;
  return [server, await lookAgain(part, () => lookAtMetrics(input), { clock, limitMs, signal })];
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
  const [coredns, metrics, localPath, marked] = await Promise.all([
    wanted.coredns ? checkDeployment(input, 'coredns') : undefined,
    wanted.metricsServer ? checkMetrics(input) : undefined,
    wanted.localPath ? checkDeployment(input, 'local-path-provisioner') : undefined,
    wanted.defaultClass ? checkClass(kube, signal) : undefined,
  ]);
  return [coredns, ...(metrics ?? []), localPath, marked].filter((result) => result !== undefined);
};
