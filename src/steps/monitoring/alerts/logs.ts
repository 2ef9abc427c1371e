import { alert } from './alert.js';

/** Logs: whether they arrive, and whether they can be kept. */
export const logAlerts = [
  alert({
    name: 'LogsHeldBack',
    expr:
      'min_over_time(otelcol_exporter_queue_size{job="otelcol"}[10m]) > 0 ' +
      'unless on (node) increase(otelcol_exporter_sent_log_records{job="otelcol"}[10m]) > 0',
    holds: '5m',
    severity: 'warning',
    source: 'logs',
    summary: 'logs of {{ $labels.node }} do not arrive at Loki',
    runbook:
      'They wait on the node, and are lost when their files are rotated away. Is Loki ready: `kubectl -n monitoring get pod loki-0`? The collector says why: `kubectl -n monitoring logs ds/otelcol`.',
  }),
  alert({
    name: 'LogsRefused',
    expr: 'sum by (reason) (increase(loki_discarded_samples_total{job="loki"}[15m])) > 0',
    holds: '15m',
    severity: 'warning',
    source: 'logs',
    summary: 'Loki refuses lines: {{ $labels.reason }}',
    runbook:
      'per_stream_rate_limit = a container writes more than its share of the disk allows: the dashboard Logs shows which one. Let it say less, or give spec.monitoring.logs more storage or a shorter retention.',
  }),
  alert({
    name: 'LokiCannotWrite',
    expr:
      'sum(increase(loki_ingester_chunks_flush_failures_total{job="loki"}[10m])) > 0 ' +
      'or sum(increase(loki_ingester_wal_disk_full_failures_total{job="loki"}[10m])) > 0',
    holds: '5m',
    severity: 'critical',
    source: 'logs',
    summary: 'Loki cannot write lines to its disk',
    runbook:
      'Is its disk full? Give it more, or a shorter spec.monitoring.logs.retention. It says why: `kubectl -n monitoring logs loki-0`.',
  }),
];
