import type { Source } from '../alerts/alert.js';

/** One line, bar or number: PromQL or LogQL, and what it is called; `{{label}}` as Grafana fills it in. */
export interface Query {
  readonly expr: string;
  readonly legend: string;
}

/** A picture of some figures. */
export interface Panel {
  readonly title: string;
  /** over time, as one number now, as a list, or lines as they were written */
  readonly kind: 'timeseries' | 'stat' | 'table' | 'logs';
  /** Who is asked; default: Prometheus. */
  readonly from?: 'loki';
  /** Unit as Grafana calls it: `percent`, `bytes`, `s`, `reqps`, `short`. */
  readonly unit: string;
  readonly queries: readonly Query[];
  /** From these values on it is shown yellow and red; with `low` when the value is below them. */
  readonly marks?: { readonly warning: number; readonly critical: number; readonly low?: true };
  /** Columns of 24; default 12, numbers 6. */
  readonly width?: number;
}

/** A dashboard as data; the JSON of Grafana derives from it. */
export interface Board {
  readonly uid: string;
  readonly title: string;
  readonly panels: readonly Panel[];
  /** A label whose values the reader chooses from: `$namespace` in queries. */
  readonly choose?: { readonly label: string; readonly of: string };
  /** Absent: it is meaningful in every cluster. */
  readonly source?: Source;
}
