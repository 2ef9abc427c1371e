import { alert } from './alert.js';

/** Disks that keep something: neither memory nor the layers of containers. */
const DISKS = 'job="node-exporter",fstype!~"tmpfs|ramfs|overlay|squashfs|nsfs|fuse.*|iso9660"';
const FREE = `100 * node_filesystem_avail_bytes{${DISKS}} / node_filesystem_size_bytes{${DISKS}}`;
const WRITABLE = `and node_filesystem_readonly{${DISKS}} == 0`;

/** The machines. */
export const nodeAlerts = [
  alert({
    name: 'NodeLost',
    expr: 'up{job="kubelet"} == 0',
    holds: ({ nodeLostAfter }) => nodeLostAfter,
    severity: 'critical',
    summary: 'the kubelet of {{ $labels.node }} does not answer',
    runbook:
      'Is the machine up (`drover doctor`)? Then look at `journalctl -u k3s -u k3s-agent` there. Its pods move after five minutes. Gone for ever: take it out of the spec and `drover apply`.',
  }),
  alert({
    name: 'NodeDiskLow',
    expr: ({ diskFree }) => `${FREE} < ${diskFree} ${WRITABLE}`,
    holds: '10m',
    severity: 'warning',
    summary: '{{ $value | humanize }} % of {{ $labels.mountpoint }} on {{ $labels.node }} is free',
    runbook:
      'The kubelet removes images from 85 % and pods from 95 %: free space, or give the machine a larger disk.',
  }),
  alert({
    name: 'NodeDiskFull',
    expr: ({ diskFree }) => `${FREE} < ${diskFree / 3} ${WRITABLE}`,
    holds: '5m',
    severity: 'critical',
    summary: 'only {{ $value | humanize }} % of {{ $labels.mountpoint }} on {{ $labels.node }} is free',
    runbook:
      'Pods are being removed from this node, and etcd stops when its disk is full: free space at once.',
  }),
  alert({
    name: 'NodeDiskFillsUp',
    expr: `predict_linear(node_filesystem_avail_bytes{${DISKS}}[6h], 24 * 3600) < 0 and ${FREE} < 40 ${WRITABLE}`,
    holds: '1h',
    severity: 'warning',
    summary: '{{ $labels.mountpoint }} on {{ $labels.node }} is full within a day as it fills now',
    runbook: 'Look what grows there (`du -x`), often logs or images.',
  }),
  alert({
    name: 'NodeInodesLow',
    expr: ({ diskFree }) =>
      `100 * node_filesystem_files_free{${DISKS}} / (node_filesystem_files{${DISKS}} > 0) < ${diskFree} ${WRITABLE}`,
    holds: '10m',
    severity: 'warning',
    summary:
      '{{ $value | humanize }} % of the inodes of {{ $labels.mountpoint }} on {{ $labels.node }} are free',
    runbook: 'Many small files use them up: look for folders with hundreds of thousands of files.',
  }),
  alert({
    name: 'NodeMemoryLow',
    expr: ({ memoryFree }) =>
      `100 * node_memory_MemAvailable_bytes{job="node-exporter"} / node_memory_MemTotal_bytes{job="node-exporter"} < ${memoryFree}`,
    holds: '15m',
    severity: 'warning',
    summary: '{{ $value | humanize }} % of the memory of {{ $labels.node }} is available',
    runbook: 'The kernel will end processes: look at the pods with the largest memory there, and set limits.',
  }),
  alert({
    name: 'NodeClockOff',
    expr: 'min_over_time(node_timex_sync_status{job="node-exporter"}[5m]) == 0 and node_timex_maxerror_seconds{job="node-exporter"} >= 16',
    holds: '10m',
    severity: 'warning',
    summary: 'the clock of {{ $labels.node }} follows no time server',
    runbook: 'Certificates and etcd need true clocks: look at `timedatectl` there.',
  }),
];
