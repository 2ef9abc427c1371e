import type { Kube, KubeFailure, KubeObject } from '../core/ports/kube.js';
import { err, ok, type Result } from '../core/result.js';
import { type CheckResult, fail, pass } from './check.js';
import type { Target } from './node-script.js';
import { condition, text } from './objects.js';
import { namespaceObject, type ProbeNames, probePods, probeService } from './probe-objects.js';
import { NAMESPACES, PODS, SERVICE_ACCOUNTS, SERVICES } from './resources.js';
import { waitFor } from './wait.js';

export interface ProbesInput {
  readonly kube: Kube;
  readonly nodes: readonly string[];
  readonly names: ProbeNames;
  readonly limitMs: number;
  readonly signal: AbortSignal;
}

/** Probes that run: one pair of pods per node, by the node's index. */
export interface Probes {
  readonly targets: readonly Target[];
  /** Names of the pods that can be asked, with their nodes. */
  readonly sources: readonly { readonly node: string; readonly pod: string; readonly host: boolean }[];
  readonly serviceAddress: string;
  /** Whether each node could run its probes, and why not. */
  readonly results: readonly CheckResult[];
}

const refused = (failure: KubeFailure): CheckResult =>
  fail({ check: 'probe-pods', title: 'Verification pods run on every node', detail: failure.message });

/**
 * Makes the namespace with the Service, whose address is the value. The caller removes the namespace, whatever happens
 * here and later.
 */
export const makeNamespace = async ({
  kube,
  names,
  limitMs,
  signal,
}: Omit<ProbesInput, 'nodes'>): Promise<Result<string, CheckResult>> => {
  const { namespace } = names;
  const made = await kube.create({ resource: NAMESPACES }, namespaceObject(names), { signal });
  if (!made.ok) return err(refused(made.error));
  // Pods are refused until the controllers have given the namespace its account; without a leader that takes a while.
  // When it never comes, the refusal of the pods says so.
  await waitFor(kube, SERVICE_ACCOUNTS, { namespace, limitMs, signal }, (accounts) =>
    accounts.has('default'),
  );
  const service = await kube.create({ resource: SERVICES, namespace }, probeService(names), { signal });
  return service.ok ? ok(text(service.value, 'spec', 'clusterIP')) : err(refused(service.error));
};

const isReady = (pod: KubeObject): boolean => condition(pod, 'Ready').status === 'True';

/** A pod that ended will not become ready: nobody waits for it. */
const isSettled = (pod: KubeObject): boolean =>
  isReady(pod) || text(pod, 'status', 'phase') === 'Failed' || waitingReason(pod) === 'ErrImageNeverPull';

const firstStatus = (pod: KubeObject): unknown =>
  (pod['status'] as { readonly containerStatuses?: readonly unknown[] } | undefined)?.containerStatuses?.[0];

const waitingReason = (pod: KubeObject): string => text(firstStatus(pod), 'state', 'waiting', 'reason');

/** Why a pod does not run, in the kubelet's words. */
export const stateOf = (pod: KubeObject): string => {
  const scheduled = condition(pod, 'PodScheduled');
  if (scheduled.status === 'False') return scheduled.detail;
  const reason = waitingReason(pod);
  const message = text(firstStatus(pod), 'state', 'waiting', 'message');
  if (reason !== '') return message === '' ? reason : `${reason}: ${message}`;
  return [text(pod, 'status', 'phase'), text(pod, 'status', 'message')]
    .filter((part) => part !== '')
    .join(': ');
};

const running = ({ names, nodes }: ProbesInput, pods: ReadonlyMap<string, KubeObject>): CheckResult[] =>
  nodes.map((node, index) => {
    const part = {
      check: 'probe-pods',
      title:
        names.pull === 'Never'
          ? 'Verification pods run on every node, from an image that was there without a registry'
          : 'Verification pods run on every node',
      node,
    };
    const late = [`pod-${index}`, `host-${index}`]
      .map((name) => ({ name, pod: pods.get(name) }))
      .find(({ pod }) => pod === undefined || !isReady(pod));
    if (late === undefined) return pass({ ...part, detail: 'running' });
    return fail({ ...part, detail: late.pod === undefined ? 'the pod was not made' : stateOf(late.pod) });
  });

const targetsOf = (nodes: readonly string[], pods: ReadonlyMap<string, KubeObject>): Target[] =>
  nodes.flatMap((node, index) => {
    const pod = pods.get(`pod-${index}`);
    const host = pods.get(`host-${index}`);
    if (pod === undefined || host === undefined || !isReady(pod) || !isReady(host)) return [];
    return [{ node, podAddress: text(pod, 'status', 'podIP'), hostAddress: text(host, 'status', 'hostIP') }];
  });

/** Makes pods on every node and waits until they run. What does not run in time is told and left out. */
export const startProbes = async (
  input: ProbesInput,
  serviceAddress: string,
): Promise<Result<Probes, CheckResult>> => {
  const { kube, nodes, names, limitMs, signal } = input;
  const { namespace } = names;
  const wanted = probePods(names, nodes);
  const made = await Promise.all(
    wanted.map((pod) => kube.create({ resource: PODS, namespace }, pod, { signal })),
  );
  const [failure] = made.flatMap((each) => (each.ok ? [] : [each.error]));
  if (failure !== undefined) return err(refused(failure));
  const options = { namespace, labelSelector: 'drover.dev/probe in (pod, host)', limitMs, signal };
  const { objects } = await waitFor(
    kube,
    PODS,
    options,
    (pods) => pods.size >= wanted.length && [...pods.values()].every(isSettled),
  );
  const targets = targetsOf(nodes, objects);
  const ready = new Set(targets.map(({ node }) => node));
  const sources = nodes.flatMap((node, index) =>
    ready.has(node)
      ? [
          { node, pod: `pod-${index}`, host: false },
          { node, pod: `host-${index}`, host: true },
        ]
      : [],
  );
  return ok({ targets, sources, serviceAddress, results: running(input, objects) });
};

/** Removes what a verification made; waits for nothing. */
export const removeProbes = async (kube: Kube, namespace: string): Promise<void> => {
  await kube.delete({ resource: NAMESPACES, name: namespace }, { propagation: 'Background' });
};
