import type { Board } from './board.js';

const NODE = 'job="node-exporter",node=~"$node"';
const DISKS = `${NODE},fstype!~"tmpfs|ramfs|overlay|squashfs|nsfs|fuse.*|iso9660"`;

export const nodesBoard: Board = {
  uid: 'drover-nodes',
  title: 'Nodes',
  choose: { label: 'node', of: 'node_uname_info' },
  panels: [
    {
      title: 'Kubelets that answer',
      kind: 'stat',
      unit: 'short',
      queries: [{ expr: 'sum(up{job="kubelet"})', legend: 'nodes' }],
    },
    {
      title: 'Kubelets that do not',
      kind: 'stat',
      unit: 'short',
      queries: [{ expr: 'count(up{job="kubelet"} == 0) or vector(0)', legend: 'nodes' }],
      marks: { warning: 1, critical: 1 },
    },
    {
      title: 'Alerts that fire',
      kind: 'table',
      unit: 'short',
      width: 12,
      queries: [
        {
          expr: 'count by (alertname, severity, node) (ALERTS{alertstate="firing"})',
          legend: '{{alertname}}',
        },
      ],
    },
    {
      title: 'CPU in use',
      kind: 'timeseries',
      unit: 'percent',
      queries: [
        {
          expr: `100 * (1 - avg by (node) (rate(node_cpu_seconds_total{${NODE},mode="idle"}[5m])))`,
          legend: '{{node}}',
        },
      ],
      marks: { warning: 80, critical: 95 },
    },
    {
      title: 'Memory in use',
      kind: 'timeseries',
      unit: 'percent',
      queries: [
        {
          expr: `100 * (1 - node_memory_MemAvailable_bytes{${NODE}} / node_memory_MemTotal_bytes{${NODE}})`,
          legend: '{{node}}',
        },
      ],
      marks: { warning: 85, critical: 95 },
    },
    {
      title: 'Load per processor',
      kind: 'timeseries',
      unit: 'short',
      queries: [
        {
          expr: `node_load5{${NODE}} / on (node) count by (node) (node_cpu_seconds_total{${NODE},mode="idle"})`,
          legend: '{{node}}',
        },
      ],
    },
    {
      title: 'Disks in use',
      kind: 'timeseries',
      unit: 'percent',
      queries: [
        {
          expr: `100 * (1 - node_filesystem_avail_bytes{${DISKS}} / node_filesystem_size_bytes{${DISKS}})`,
          legend: '{{node}} {{mountpoint}}',
        },
      ],
      marks: { warning: 85, critical: 95 },
    },
    {
      title: 'Time that disks are busy',
      kind: 'timeseries',
      unit: 'percentunit',
      queries: [
        { expr: `rate(node_disk_io_time_seconds_total{${NODE}}[5m])`, legend: '{{node}} {{device}}' },
      ],
    },
    {
      title: 'Network',
      kind: 'timeseries',
      unit: 'Bps',
      queries: [
        {
          expr: `sum by (node) (rate(node_network_receive_bytes_total{${NODE},device!="lo"}[5m]))`,
          legend: '{{node}} in',
        },
        {
          expr: `-sum by (node) (rate(node_network_transmit_bytes_total{${NODE},device!="lo"}[5m]))`,
          legend: '{{node}} out',
        },
      ],
    },
    {
      title: 'Pressure: time that something waits',
      kind: 'timeseries',
      unit: 'percentunit',
      queries: [
        { expr: `rate(node_pressure_cpu_waiting_seconds_total{${NODE}}[5m])`, legend: '{{node}} CPU' },
        { expr: `rate(node_pressure_memory_waiting_seconds_total{${NODE}}[5m])`, legend: '{{node}} memory' },
        { expr: `rate(node_pressure_io_waiting_seconds_total{${NODE}}[5m])`, legend: '{{node}} disk' },
      ],
    },
    {
      title: 'Clocks, away from true time',
      kind: 'timeseries',
      unit: 's',
      queries: [{ expr: `node_timex_offset_seconds{${NODE}}`, legend: '{{node}}' }],
    },
  ],
};
