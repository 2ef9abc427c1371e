import type { Board } from './board.js';

/** Pods as a whole; with their containers and sandboxes everything would be counted twice. */
const PODS = 'job="cadvisor",namespace=~"$namespace",container="",image="",pod!=""';
const FREE =
  'kubelet_volume_stats_available_bytes{job="kubelet"} / kubelet_volume_stats_capacity_bytes{job="kubelet"}';

export const volumesBoard: Board = {
  uid: 'drover-volumes',
  title: 'Volumes',
  panels: [
    {
      title: 'Fullest volumes',
      kind: 'table',
      unit: 'percent',
      width: 24,
      queries: [
        {
          expr: `topk(20, 100 * (1 - ${FREE}))`,
          legend: '{{namespace}}/{{persistentvolumeclaim}}',
        },
      ],
      marks: { warning: 85, critical: 95 },
    },
    {
      title: 'In use',
      kind: 'timeseries',
      unit: 'percent',
      queries: [{ expr: `100 * (1 - ${FREE})`, legend: '{{namespace}}/{{persistentvolumeclaim}}' }],
      marks: { warning: 85, critical: 95 },
    },
    {
      title: 'Inodes in use',
      kind: 'timeseries',
      unit: 'percent',
      queries: [
        {
          expr: '100 * (1 - kubelet_volume_stats_inodes_free{job="kubelet"} / (kubelet_volume_stats_inodes{job="kubelet"} > 0))',
          legend: '{{namespace}}/{{persistentvolumeclaim}}',
        },
      ],
    },
    {
      title: 'Written per day at this rate',
      kind: 'timeseries',
      unit: 'bytes',
      queries: [
        {
          expr: '86400 * deriv(kubelet_volume_stats_used_bytes{job="kubelet"}[1h])',
          legend: '{{namespace}}/{{persistentvolumeclaim}}',
        },
      ],
    },
  ],
};

export const applicationsBoard: Board = {
  uid: 'drover-applications',
  title: 'Applications',
  choose: { label: 'namespace', of: 'container_memory_working_set_bytes' },
  panels: [
    {
      title: 'CPU',
      kind: 'timeseries',
      unit: 'short',
      queries: [
        {
          expr: `sum by (namespace, pod) (rate(container_cpu_usage_seconds_total{${PODS}}[5m]))`,
          legend: '{{namespace}}/{{pod}}',
        },
      ],
    },
    {
      title: 'Memory',
      kind: 'timeseries',
      unit: 'bytes',
      queries: [
        {
          expr: `sum by (namespace, pod) (container_memory_working_set_bytes{${PODS}})`,
          legend: '{{namespace}}/{{pod}}',
        },
      ],
    },
    {
      title: 'Time that a limit held CPU back',
      kind: 'timeseries',
      unit: 'percentunit',
      queries: [
        {
          expr: `sum by (namespace, pod) (rate(container_cpu_cfs_throttled_periods_total{${PODS}}[5m])) / sum by (namespace, pod) (rate(container_cpu_cfs_periods_total{${PODS}}[5m]))`,
          legend: '{{namespace}}/{{pod}}',
        },
      ],
    },
    {
      title: 'Network',
      kind: 'timeseries',
      unit: 'Bps',
      queries: [
        {
          expr: 'sum by (namespace, pod) (rate(container_network_receive_bytes_total{job="cadvisor",namespace=~"$namespace"}[5m]))',
          legend: '{{namespace}}/{{pod}} in',
        },
        {
          expr: '-sum by (namespace, pod) (rate(container_network_transmit_bytes_total{job="cadvisor",namespace=~"$namespace"}[5m]))',
          legend: '{{namespace}}/{{pod}} out',
        },
      ],
    },
    {
      title: 'Replicas that are missing',
      kind: 'timeseries',
      unit: 'short',
      queries: [
        {
          expr: 'kube_deployment_spec_replicas{namespace=~"$namespace"} - kube_deployment_status_replicas_available{namespace=~"$namespace"}',
          legend: '{{namespace}}/{{deployment}}',
        },
      ],
      marks: { warning: 1, critical: 2 },
    },
    {
      title: 'Restarts in an hour',
      kind: 'timeseries',
      unit: 'short',
      queries: [
        {
          expr: 'sum by (namespace, pod) (increase(kube_pod_container_status_restarts_total{namespace=~"$namespace"}[1h]))',
          legend: '{{namespace}}/{{pod}}',
        },
      ],
      marks: { warning: 1, critical: 5 },
    },
  ],
};
