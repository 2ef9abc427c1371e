import type { Kube } from '../core/ports/kube.js';
import { printable } from '../core/text.js';
import { type CheckResult, fail, pass, passIf } from './check.js';
import { type Attempt, nodeScript, parseAttempts } from './node-script.js';
import { GREETING, type ProbeNames } from './probe-objects.js';
import { makeNamespace, type Probes, type ProbesInput, startProbes } from './probes.js';

export interface AttemptsInput {
  readonly kube: Kube;
  readonly names: ProbeNames;
  readonly probes: Probes;
  readonly signal: AbortSignal;
  /** Names that DNS must answer from every node, `kubernetes.default.svc.cluster.local` among them. */
  readonly dnsNames: readonly string[];
}

/** Nodes hear of new endpoints through watches: a healthy cluster takes seconds when it has just been started. */
const SERVICE_WAIT_SECONDS = 15;

const TITLES: Readonly<Record<string, { readonly check: string; readonly title: string }>> = {
  pod: { check: 'pod-to-pod', title: 'Pods of every two nodes reach each other' },
  'pod-large': {
    check: 'pod-to-pod-large',
    title: 'Full packets, not fragmented, pass between the pods of every two nodes',
  },
  host: { check: 'pod-to-host', title: 'Pods reach every host' },
  service: { check: 'cluster-ip', title: 'The ClusterIP of a Service answers to pods' },
  dns: { check: 'dns', title: 'The cluster DNS answers to pods' },
};

const HOST_TITLES: typeof TITLES = {
  ...TITLES,
  pod: { check: 'host-to-pod', title: 'Hosts reach the pods of every node' },
  'pod-large': { check: 'host-to-pod-large', title: 'Full packets, not fragmented, pass from hosts to pods' },
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
    detail: printable(`${to}: ${said}`),
    ...(tries === 1
      ? {}
      : { retried: { attempts: tries, seconds, failure: printable(failure) || 'no answer' } }),
  });
};

/** Attempts end in any order; they are told by kind, then by receiver. */
const inOrder = (targets: Probes['targets']) => {
  const kinds = Object.keys(TITLES);
  const nodes = targets.map(({ node }) => node);
  return (a: Attempt, b: Attempt): number =>
    kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || nodes.indexOf(a.to) - nodes.indexOf(b.to);
};

const EXEC = { check: 'exec', title: 'Commands run in pods of every node' };

const tryFrom = async (
  { kube, names, probes, signal }: AttemptsInput,
  from: Probes['sources'][number],
  script: string,
): Promise<CheckResult[]> => {
  const pod = { namespace: names.namespace, name: from.pod };
  const ran = await kube.exec(pod, ['sh', '-c', script], { timeoutMs: 60_000, signal });
  if (!ran.ok) return [fail({ ...EXEC, node: from.node, detail: ran.error.message })];
  const attempts = parseAttempts(ran.value.stdout.toString()).toSorted(inOrder(probes.targets));
  const results = attempts.flatMap((attempt) => resultOf(from.node, from.host, attempt) ?? []);
  // One line per node: the probe on the host's network runs by the same kubelet.
  return from.host ? results : [pass({ ...EXEC, node: from.node, detail: 'ran' }), ...results];
};

const readLog = async (
  kube: Kube,
  namespace: string,
  { node, pod }: Probes['sources'][number],
  signal: AbortSignal,
): Promise<CheckResult> => {
  const part = { check: 'logs', title: 'Logs of pods of every node can be read', node };
  const log = await kube.logs({ namespace, name: pod }, { signal });
  if (!log.ok) return fail({ ...part, detail: log.error.message });
  const good = log.value.includes(`${GREETING}${node}`);
  return passIf(good, { ...part, detail: good ? 'read' : 'the log does not hold what the pod said' });
};

/**
 * The network as pods and hosts see it: every ordered pair of nodes with small and full packets, ClusterIP and DNS,
 * from pods and from hosts; logs and exec by the way.
 */
export const tryNetwork = async (input: AttemptsInput): Promise<CheckResult[]> => {
  const { kube, names, probes, signal } = input;
  const { targets, sources, serviceAddress, results } = probes;
  const script = nodeScript({
    targets,
    serviceAddress,
    names: input.dnsNames,
    serviceWaitSeconds: SERVICE_WAIT_SECONDS,
  });
  const pods = sources.filter(({ host }) => !host);
  const [tried, logs] = await Promise.all([
    Promise.all(sources.map((source) => tryFrom(input, source, script))),
    Promise.all(pods.map((source) => readLog(kube, names.namespace, source, signal))),
  ]);
  return [...results, ...logs, ...tried.flat()];
};

export interface NetworkInput extends ProbesInput {
  readonly dnsNames: readonly string[];
}

/** Makes the probes, too. The caller removes their namespace, whatever happens here. */
export const checkNetwork = async (input: NetworkInput): Promise<CheckResult[]> => {
  const address = await makeNamespace(input);
  if (!address.ok) return [address.error];
  const probes = await startProbes(input, address.value);
  return probes.ok ? tryNetwork({ ...input, probes: probes.value }) : [probes.error];
};
