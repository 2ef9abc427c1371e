import type { Clock } from '../../../core/ports/clock.js';
import type { Kube } from '../../../core/ports/kube.js';
import type { Cluster } from '../../../spec/cluster.js';
import { LOKI } from '../../../steps/monitoring/logs/loki.js';
import { LOKI_PORT } from '../../../steps/monitoring/logs/loki-config.js';
import type { CheckResult } from '../../../verify/check.js';
import { greetingsQuery, type LogLine, lookAtGreeting, parseLines } from '../../../verify/logs.js';
import { type Look, lookAgain } from '../../../verify/patience.js';

/** Lines arrive within a second; a collector that has just started reads everything that is there first. */
const WAIT_MS = 60_000;
const TIMEOUT_MS = 10_000;
const MOST_LINES = 5000;

const LOGS = { check: 'monitoring-logs', title: 'What pods write arrives at Loki' };

interface At {
  readonly kube: Kube;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Namespace of the probes. */
  readonly probes: string;
  /** Nodes with a probe. */
  readonly nodes: readonly string[];
}

const ask = async ({ kube, probes, signal }: At, namespace: string): Promise<readonly LogLine[] | Look> => {
  const service = `/api/v1/namespaces/${namespace}/services/${LOKI}:${LOKI_PORT}/proxy`;
  const query = new URLSearchParams({
    query: greetingsQuery(probes),
    since: '1h',
    limit: String(MOST_LINES),
  });
  const answer = await kube.raw(`${service}/loki/api/v1/query_range?${query.toString()}`, {
    signal,
    timeoutMs: TIMEOUT_MS,
  });
  if (!answer.ok) return { good: false, detail: `Loki does not answer: ${answer.error.message}` };
  try {
    return parseLines(answer.value);
  } catch {
    return { good: false, detail: 'what answers there is not Loki' };
  }
};

/** That the line which the probe of every node wrote is in Loki, once. Nothing without logs in the spec. */
export const checkLogs = async ({ spec: { monitoring } }: Cluster, at: At): Promise<CheckResult[]> => {
  if (!monitoring.enabled || !monitoring.logs.enabled) return [];
  const patience = { clock: at.clock, limitMs: WAIT_MS, signal: at.signal };
  return Promise.all(
    at.nodes.map((node) =>
      lookAgain(
        { ...LOGS, node },
        async () => {
          const seen = await ask(at, monitoring.namespace);
          return 'good' in seen ? seen : lookAtGreeting(node, seen);
        },
        patience,
      ),
    ),
  );
};
