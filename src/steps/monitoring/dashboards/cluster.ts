import type { Board } from './board.js';

const API = 'job="apiserver"';

export const clusterBoard: Board = {
  uid: 'drover-cluster',
  title: 'API and cluster',
  panels: [
    {
      title: 'Servers that answer',
      kind: 'stat',
      unit: 'short',
      queries: [{ expr: `sum(up{${API}})`, legend: 'servers' }],
      marks: { warning: 3, critical: 1, low: true },
    },
    {
      title: 'First client certificate ends',
      kind: 'stat',
      unit: 's',
      queries: [
        {
          expr: `min(histogram_quantile(0.01, sum by (node, le) (rate(apiserver_client_certificate_expiration_seconds_bucket{${API}}[5m]))))`,
          legend: 'in',
        },
      ],
      marks: { warning: 21 * 24 * 3600, critical: 7 * 24 * 3600, low: true },
    },
    {
      title: 'Requests',
      kind: 'timeseries',
      unit: 'reqps',
      queries: [{ expr: `sum by (verb) (rate(apiserver_request_total{${API}}[5m]))`, legend: '{{verb}}' }],
    },
    {
      title: 'Errors',
      kind: 'timeseries',
      unit: 'percent',
      queries: [
        {
          expr: `100 * sum by (node) (rate(apiserver_request_total{${API},code=~"5.."}[5m])) / sum by (node) (rate(apiserver_request_total{${API}}[5m]))`,
          legend: '{{node}}',
        },
      ],
      marks: { warning: 1, critical: 3 },
    },
    {
      title: 'Time of requests, 99 of 100 within',
      kind: 'timeseries',
      unit: 's',
      queries: [
        {
          expr: `histogram_quantile(0.99, sum by (verb, le) (rate(apiserver_request_duration_seconds_bucket{${API},verb!~"WATCH|CONNECT"}[5m])))`,
          legend: '{{verb}}',
        },
      ],
      marks: { warning: 0.5, critical: 1 },
    },
    {
      title: 'Running pods',
      kind: 'timeseries',
      unit: 'short',
      queries: [{ expr: 'sum by (node) (kubelet_running_pods{job="kubelet"})', legend: '{{node}}' }],
    },
    {
      title: 'Pods start within, 99 of 100',
      kind: 'timeseries',
      unit: 's',
      queries: [
        {
          expr: 'histogram_quantile(0.99, sum by (node, le) (rate(kubelet_pod_start_duration_seconds_bucket{job="kubelet"}[5m])))',
          legend: '{{node}}',
        },
      ],
    },
  ],
};

export const etcdBoard: Board = {
  uid: 'drover-etcd',
  title: 'etcd',
  source: 'etcd',
  panels: [
    {
      title: 'Members that see a leader',
      kind: 'stat',
      unit: 'short',
      queries: [{ expr: 'sum(etcd_server_has_leader{job="etcd"})', legend: 'members' }],
    },
    {
      title: 'Changes of leader in a day',
      kind: 'stat',
      unit: 'short',
      queries: [
        { expr: 'max(increase(etcd_server_leader_changes_seen_total{job="etcd"}[1d]))', legend: 'changes' },
      ],
      marks: { warning: 4, critical: 20 },
    },
    {
      title: 'Database',
      kind: 'timeseries',
      unit: 'bytes',
      queries: [
        { expr: 'etcd_mvcc_db_total_size_in_bytes{job="etcd"}', legend: '{{node}} on disk' },
        { expr: 'etcd_mvcc_db_total_size_in_use_in_bytes{job="etcd"}', legend: '{{node}} in use' },
      ],
    },
    {
      title: 'Writing the log, 99 of 100 within',
      kind: 'timeseries',
      unit: 's',
      queries: [
        {
          expr: 'histogram_quantile(0.99, sum by (node, le) (rate(etcd_disk_wal_fsync_duration_seconds_bucket{job="etcd"}[5m])))',
          legend: '{{node}}',
        },
      ],
      marks: { warning: 0.1, critical: 0.5 },
    },
    {
      title: 'Between members, 99 of 100 within',
      kind: 'timeseries',
      unit: 's',
      queries: [
        {
          expr: 'histogram_quantile(0.99, sum by (node, le) (rate(etcd_network_peer_round_trip_time_seconds_bucket{job="etcd"}[5m])))',
          legend: '{{node}}',
        },
      ],
      marks: { warning: 0.1, critical: 0.2 },
    },
    {
      title: 'Proposals',
      kind: 'timeseries',
      unit: 'ops',
      queries: [
        { expr: 'rate(etcd_server_proposals_committed_total{job="etcd"}[5m])', legend: '{{node}} committed' },
        { expr: 'rate(etcd_server_proposals_failed_total{job="etcd"}[5m])', legend: '{{node}} failed' },
      ],
    },
  ],
};
