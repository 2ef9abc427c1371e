import type { Kube, KubeFailure, KubeObject } from '../core/ports/kube.js';
import { type CheckResult, fail, passIf } from './check.js';
import { type Attempt, nodeScript, parseAttempts, type Target } from './node-script.js';
import { condition, text } from './objects.js';
import { namespaceObject, type ProbeNames, probePods, probeService } from './probe-objects.js';
import { NAMESPACES, PODS, SERVICE_ACCOUNTS, SERVICES } from './resources.js';
import { waitFor } from './wait.js';

export interface NetworkInput {
  readonly kube: Kube;
  readonly nodes: readonly string[];
  readonly names: ProbeNames;
  /** Names that DNS must answer from every node, `kubernetes.default.svc.cluster.local` among them. */
  readonly dnsNames: readonly string[];
  readonly limitMs: number;
  readonly signal: AbortSignal;
}

/** Nodes hear of new endpoints through watches: a healthy cluster takes seconds when it has just been started. */
const SERVICE_WAIT_SECONDS = 15;

const TITLES: Readonly<Record<string, { readonly check: string; readonly title: string }>> = {
  pod: { check: 'pod-to-pod', title: 'Pods of every two nodes reach each other' },
  'pod-large': { check: 'pod-to-pod-large', title: 'Full packets pass between the pods of every two nodes' },
  host: { check: 'pod-to-host', title: 'Pods reach every host' },
  service: { check: 'cluster-ip', title: 'The ClusterIP of a Service answers' },
  dns: { check: 'dns', title: 'The cluster DNS answers' },
};

const HOST_TITLES: typeof TITLES = {
  ...TITLES,
  pod: { check: 'host-to-pod', title: 'Hosts reach the pods of every node' },
  'pod-large': { check: 'host-to-pod-large', title: 'Full packets pass from hosts to pods' },
  host: { check: 'host-to-host', title: 'Hosts reach each other' },
  service: { check: 'cluster-ip-from-host', title: 'The ClusterIP of a Service answers to hosts' },
  dns: { check: 'dns-from-host', title: 'The cluster DNS answers to host network pods' },
};

const resultOf = (node: string, fromHost: boolean, attempt: Attempt): CheckResult | undefined => {
  const kind = (fromHost ? HOST_TITLES : TITLES)[attempt.kind];
  if (kind === undefined) return undefined;
  const { ok, to, detail, tries, seconds, failure } = attempt;
  const said = detail === '' ? (ok ? 'answered' : 'no answer') : detail;
  return passIf(ok, {
    ...kind,
    node,
    ...(attempt.kind === 'service' || attempt.kind === 'dns' ? {} : { to }),
    detail: `${to}: ${said}`,
    ...(tries === 1 ? {} : { retried: { attempts: tries, seconds, failure: failure || 'no answer' } }),
  });
};

const refused = (failure: KubeFailure): CheckResult[] => [
  fail({ check: 'probe-pods', title: 'Verification pods can be made', detail: failure.message }),
];

const make = async (input: NetworkInput): Promise<KubeFailure | undefined> => {
  const { kube, nodes, names, limitMs, signal } = input;
  const made = await kube.create({ resource: NAMESPACES }, namespaceObject(names), { signal });
  if (!made.ok) return made.error;
  const { namespace } = names;
  // Pods are refused until the controllers have given the namespace its account; without a leader that takes a while.
  // When it never comes, the refusal of the pods says so.
  await waitFor(kube, SERVICE_ACCOUNTS, { namespace, limitMs, signal }, (accounts) =>
    accounts.has('default'),
  );
  const results = await Promise.all([
    kube.create({ resource: SERVICES, namespace }, probeService(names), { signal }),
    ...probePods(names, nodes).map((pod) => kube.create({ resource: PODS, namespace }, pod, { signal })),
  ]);
  return results.flatMap((result) => (result.ok ? [] : [result.error]))[0];
};

const isReady = (pod: KubeObject): boolean => condition(pod, 'Ready').status === 'True';

const stateOf = (pod: KubeObject): string => {
  const waiting = (pod['status'] as { readonly containerStatuses?: readonly unknown[] } | undefined)
    ?.containerStatuses?.[0];
  const reason = text(waiting, 'state', 'waiting', 'reason');
  return reason === ''
    ? text(pod, 'status', 'phase')
    : `${reason}: ${text(waiting, 'state', 'waiting', 'message')}`;
};

const targetsOf = (nodes: readonly string[], pods: ReadonlyMap<string, KubeObject>): Target[] =>
  nodes.flatMap((node, index) => {
    const pod = pods.get(`pod-${index}`);
    const host = pods.get(`host-${index}`);
    if (pod === undefined || host === undefined || !isReady(pod) || !isReady(host)) return [];
    return [{ node, podAddress: text(pod, 'status', 'podIP'), hostAddress: text(host, 'status', 'podIP') }];
  });

const tryFrom = async (
  input: NetworkInput,
  from: { readonly node: string; readonly pod: string },
  script: string,
): Promise<CheckResult[]> => {
  const ran = await input.kube.exec(
    { namespace: input.names.namespace, name: from.pod },
    ['sh', '-c', script],
    { timeoutMs: 60_000, signal: input.signal },
  );
  const fromHost = from.pod.startsWith('host-');
  if (!ran.ok)
    return [
      fail({ check: 'exec', title: 'Commands run in pods', node: from.node, detail: ran.error.message }),
    ];
  const results = parseAttempts(ran.value.stdout.toString()).map((attempt) =>
    resultOf(from.node, fromHost, attempt),
  );
  return results.filter((result) => result !== undefined);
};

/**
 * The network as pods and hosts see it: every ordered pair of nodes with small and full packets, ClusterIP and DNS,
 * from pods and from hosts. The namespace with everything in it is removed by the caller, whatever happens here.
 */
export const checkNetwork = async (input: NetworkInput): Promise<CheckResult[]> => {
  const { kube, nodes, names } = input;
  const failure = await make(input);
  if (failure !== undefined) return refused(failure);
  const expected = nodes.length * 2;
  const options = {
    namespace: names.namespace,
    labelSelector: 'drover.dev/probe in (pod, host)',
    limitMs: input.limitMs,
    signal: input.signal,
  };
  const waited = await waitFor(
    kube,
    PODS,
    options,
    (pods) => pods.size >= expected && [...pods.values()].every(isReady),
  );
  const late = [...waited.objects.values()].filter((pod) => !isReady(pod));
  const unready = late.map((pod) =>
    fail({
      check: 'probe-pods',
      title: 'Verification pods run on every node',
      node: text(pod, 'spec', 'nodeName'),
      detail: stateOf(pod),
    }),
  );
  const service = await kube.get(
    { resource: SERVICES, namespace: names.namespace, name: 'probe' },
    { signal: input.signal },
  );
  if (!service.ok) return [...unready, ...refused(service.error)];
  const targets = targetsOf(nodes, waited.objects);
  const script = nodeScript({
    targets,
    serviceAddress: text(service.value, 'spec', 'clusterIP'),
    names: input.dnsNames,
    serviceWaitSeconds: SERVICE_WAIT_SECONDS,
  });
  const sources = nodes.flatMap((node, index) =>
    targets.some((target) => target.node === node)
      ? [`pod-${index}`, `host-${index}`].map((pod) => ({ node, pod }))
      : [],
  );
  const results = await Promise.all(sources.map((source) => tryFrom(input, source, script)));
  return [...unready, ...results.flat()];
};

/** Removes what a verification made. */
export const removeProbes = async (kube: Kube, namespace: string): Promise<void> => {
  await kube.delete({ resource: NAMESPACES, name: namespace }, { propagation: 'Background' });
};
