import type { Kube } from '../../../core/ports/kube.js';
import { err, ok, type Result } from '../../../core/result.js';
import { type Cluster, isMember } from '../../../spec/cluster.js';
import { alertsFor } from '../../../steps/monitoring/alerts/index.js';
import { type MonitoringInput, sourcesOf } from '../../../steps/monitoring/input.js';
import { PROMETHEUS_PORT } from '../../../steps/monitoring/prometheus.js';
import { scrapeJobs } from '../../../steps/monitoring/scrape.js';
import type { CheckResult } from '../../../verify/check.js';
import {
  lookAtAlerts,
  lookAtJob,
  lookAtRules,
  parseRules,
  parseTargets,
  type WantedJob,
} from '../../../verify/monitoring.js';
import { type Look, lookAgain } from '../../../verify/patience.js';
import type { ClusterTools } from '../tools.js';

/** Prometheus finds new things within its interval, and looks at them within another; it may just have started. */
const WAIT_MS = 60_000;
const TIMEOUT_MS = 10_000;

/** Jobs that look at something of every node, of every server, or of nothing that must be there. */
const leastOf = ({ spec, hosts }: Cluster, job: string): number => {
  const nodes = hosts.filter(isMember).length;
  const everyNode = ['kubelet', 'cadvisor', 'node-exporter', 'otelcol'].includes(job);
  if (everyNode || (job === 'ingress' && spec.ingress.kind === 'DaemonSet')) return nodes;
  if (job === 'apiserver' || job === 'etcd') return hosts.filter(({ role }) => role === 'server').length;
  return job === 'pods' ? 0 : 1;
};

const wantedJobs = (input: MonitoringInput): readonly WantedJob[] =>
  scrapeJobs(input).map(({ job_name: name }) => ({ name, least: leastOf(input.cluster, name) }));

const TARGETS = {
  check: 'monitoring-targets',
  title: 'Prometheus gets figures from everything that it looks at',
};
const RULES = { check: 'monitoring-rules', title: 'Prometheus knows every alert' };
const ALERTS = { check: 'monitoring-alerts', title: 'No critical alert fires' };

/** Asks Prometheus through the API, and looks at what it says; an answer that is none says so. */
const ask = async <T>(
  {
    kube,
    namespace,
    signal,
  }: { readonly kube: Kube; readonly namespace: string; readonly signal: AbortSignal },
  path: string,
  parse: (text: string) => T,
): Promise<Result<T, Look>> => {
  const service = `/api/v1/namespaces/${namespace}/services/prometheus:${PROMETHEUS_PORT}/proxy`;
  const answer = await kube.raw(`${service}${path}`, { signal, timeoutMs: TIMEOUT_MS });
  if (!answer.ok) return err({ good: false, detail: `Prometheus does not answer: ${answer.error.message}` });
  try {
    return ok(parse(answer.value));
  } catch {
    return err({ good: false, detail: 'what answers there is not Prometheus' });
  }
};

/** That monitoring itself works: targets, rules, and nothing that fires. Nothing without monitoring in the spec. */
export const checkMonitoring = async (
  kube: Kube,
  input: MonitoringInput,
  { clock, soft: signal }: Pick<ClusterTools, 'clock' | 'soft'>,
): Promise<CheckResult[]> => {
  const { monitoring } = input.cluster.spec;
  if (!monitoring.enabled) return [];
  const at = { kube, namespace: monitoring.namespace, signal };
  const patience = { clock, limitMs: WAIT_MS, signal };
  const targets = async (judge: (seen: ReturnType<typeof parseTargets>) => Look): Promise<Look> => {
    const seen = await ask(at, '/api/v1/targets?state=active', parseTargets);
    return seen.ok ? judge(seen.value) : seen.error;
  };
  const rules = async (judge: (seen: ReturnType<typeof parseRules>) => Look): Promise<Look> => {
    const seen = await ask(at, '/api/v1/rules?type=alert', parseRules);
    return seen.ok ? judge(seen.value) : seen.error;
  };
  const alerts = alertsFor(sourcesOf(input)).flatMap((group) => group.alerts.map(({ name }) => name));
  const known = await lookAgain(RULES, () => rules((seen) => lookAtRules(alerts, seen)), patience);
  const rest = await Promise.all([
    ...wantedJobs(input).map((job) =>
      lookAgain({ ...TARGETS, to: job.name }, () => targets((seen) => lookAtJob(job, seen)), patience),
    ),
    lookAgain(ALERTS, () => rules(lookAtAlerts), patience),
  ]);
  return [known, ...rest];
};
