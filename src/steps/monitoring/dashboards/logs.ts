import type { Board } from './board.js';

const CHOSEN = '{namespace=~"$namespace"}';
/** Loki guesses how bad a line is from words in it. */
const ERRORS = `${CHOSEN} | detected_level=~"error|critical|fatal"`;

export const logsBoard: Board = {
  uid: 'drover-logs',
  title: 'Logs',
  source: 'logs',
  choose: { label: 'namespace', of: 'container_memory_working_set_bytes' },
  panels: [
    {
      title: 'Lines per second',
      kind: 'timeseries',
      unit: 'short',
      from: 'loki',
      queries: [{ expr: `sum by (namespace) (rate(${CHOSEN}[$__auto]))`, legend: '{{namespace}}' }],
    },
    {
      title: 'Errors per second',
      kind: 'timeseries',
      unit: 'short',
      from: 'loki',
      queries: [
        {
          expr: `topk(10, sum by (namespace, pod) (rate(${ERRORS} [$__auto])))`,
          legend: '{{namespace}}/{{pod}}',
        },
      ],
    },
    {
      title: 'Loudest containers',
      kind: 'timeseries',
      unit: 'Bps',
      from: 'loki',
      queries: [
        {
          expr: `topk(10, sum by (namespace, pod, container) (bytes_rate(${CHOSEN}[$__auto])))`,
          legend: '{{namespace}}/{{pod}} {{container}}',
        },
      ],
    },
    {
      title: 'Waiting on nodes, refused by Loki',
      kind: 'timeseries',
      unit: 'short',
      queries: [
        { expr: 'otelcol_exporter_queue_size{job="otelcol"}', legend: 'waiting on {{node}}' },
        {
          expr: 'sum by (reason) (rate(loki_discarded_samples_total{job="loki"}[5m]))',
          legend: 'refused: {{reason}}',
        },
      ],
    },
    {
      title: 'Errors',
      kind: 'logs',
      unit: 'short',
      from: 'loki',
      width: 24,
      queries: [{ expr: ERRORS, legend: '' }],
    },
    {
      title: 'All lines',
      kind: 'logs',
      unit: 'short',
      from: 'loki',
      width: 24,
      queries: [{ expr: CHOSEN, legend: '' }],
    },
  ],
};
