import { alert } from './alert.js';

const VOLUMES = 'job="kubelet"';
const FREE = `100 * kubelet_volume_stats_available_bytes{${VOLUMES}} / kubelet_volume_stats_capacity_bytes{${VOLUMES}}`;

/** Volumes of pods. */
export const storageAlerts = [
  alert({
    name: 'VolumeLow',
    expr: ({ volumeFree }) => `${FREE} < ${volumeFree}`,
    holds: '5m',
    severity: 'warning',
    summary:
      '{{ $value | humanize }} % of the volume {{ $labels.persistentvolumeclaim }} in {{ $labels.namespace }} is free',
    runbook:
      'Make the claim larger where its class can, or free space. A local-path volume has the disk of its node.',
  }),
  alert({
    name: 'VolumeFull',
    expr: ({ volumeFree }) => `${FREE} < ${volumeFree / 3}`,
    holds: '2m',
    severity: 'critical',
    summary:
      'only {{ $value | humanize }} % of the volume {{ $labels.persistentvolumeclaim }} in {{ $labels.namespace }} is free',
    runbook: 'What writes there is about to fail: free space or make the claim larger at once.',
  }),
  alert({
    name: 'VolumeInodesLow',
    expr: ({ volumeFree }) =>
      `100 * kubelet_volume_stats_inodes_free{${VOLUMES}} / (kubelet_volume_stats_inodes{${VOLUMES}} > 0) < ${volumeFree}`,
    holds: '5m',
    severity: 'warning',
    summary:
      '{{ $value | humanize }} % of the inodes of the volume {{ $labels.persistentvolumeclaim }} in {{ $labels.namespace }} are free',
    runbook: 'Many small files use them up.',
  }),
  alert({
    name: 'VolumeBroken',
    source: 'state',
    expr: 'kube_persistentvolume_status_phase{phase=~"Failed|Pending"} > 0',
    holds: '5m',
    severity: 'critical',
    summary: 'the volume {{ $labels.persistentvolume }} is {{ $labels.phase }}',
    runbook: '`kubectl describe pv` says why; the provisioner’s log says more.',
  }),
  alert({
    name: 'ClaimPending',
    source: 'state',
    expr: 'kube_persistentvolumeclaim_status_phase{phase="Pending"} > 0',
    holds: '15m',
    severity: 'warning',
    summary: 'the claim {{ $labels.persistentvolumeclaim }} in {{ $labels.namespace }} gets no volume',
    runbook:
      'Is there such a storage class, and does a pod use the claim? `kubectl describe pvc` says what is missing.',
  }),
];
