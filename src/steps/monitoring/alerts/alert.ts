import type { Cluster } from '../../../spec/cluster.js';

export type Thresholds = Cluster['spec']['monitoring']['alerts'];

/** Where figures come from that only some clusters have; everything else is there in every cluster. */
export type Source = 'etcd' | 'state' | 'ingress' | 'logs' | 'postgres' | 'redis' | 'rabbitmq' | 'minio';

/** An alert: when it fires, what it says, and what to do. The rule file, its docs and the proof of it derive from here. */
export interface Alert {
  readonly name: string;
  /** PromQL; what it gives fires. */
  readonly expr: (thresholds: Thresholds) => string;
  /** How long it must hold, as Prometheus writes it. */
  readonly holds: (thresholds: Thresholds) => string;
  /** critical = somebody must come now; warning = in working hours. */
  readonly severity: 'critical' | 'warning';
  /** One sentence; `{{ $labels.X }}` and `{{ $value }}` as Prometheus fills them in. */
  readonly summary: string;
  /** What to look at first, and what mends it. */
  readonly runbook: string;
  /** Absent: it is meaningful in every cluster. */
  readonly source?: Source;
}

/** An alert as its declaration writes it: texts where nothing depends on a threshold. */
type Written = Omit<Alert, 'expr' | 'holds'> & {
  readonly expr: string | Alert['expr'];
  readonly holds: string | Alert['holds'];
};

const always = <T>(value: string | ((given: T) => string)): ((given: T) => string) =>
  typeof value === 'string' ? () => value : value;

export const alert = ({ expr, holds, ...same }: Written): Alert => ({
  ...same,
  expr: always(expr),
  holds: always(holds),
});
