import { alert } from './alert.js';

const source = 'etcd';

/** The store of the cluster: without it nothing can be changed. */
export const etcdAlerts = [
  alert({
    name: 'EtcdNoLeader',
    source,
    expr: 'etcd_server_has_leader{job="etcd"} == 0',
    holds: '1m',
    severity: 'critical',
    summary: 'etcd on {{ $labels.node }} has no leader: the API takes no changes there',
    runbook:
      'Look whether most servers run and reach each other on 2379 and 2380 (`drover doctor`). With most members lost for ever: `drover restore` from a snapshot.',
  }),
  alert({
    name: 'EtcdMemberDown',
    source,
    expr: 'up{job="etcd"} == 0',
    holds: '3m',
    severity: 'warning',
    summary: 'etcd on {{ $labels.node }} gives no figures',
    runbook: 'Look at `systemctl status k3s` and `journalctl -u k3s` on that server, and at its disk.',
  }),
  alert({
    name: 'EtcdQuorumAtRisk',
    source,
    expr: 'count(up{job="etcd"}) > 2 and (count(up{job="etcd"}) - sum(up{job="etcd"})) >= floor((count(up{job="etcd"}) - 1) / 2)',
    holds: '3m',
    severity: 'critical',
    summary: 'one more lost server stops the API: {{ $value }} members are away or remain too few',
    runbook:
      'Bring the lost server back before touching any other. Drover refuses disruptive actions meanwhile.',
  }),
  alert({
    name: 'EtcdSlowDisk',
    source,
    expr: 'histogram_quantile(0.99, sum by (node, le) (rate(etcd_disk_wal_fsync_duration_seconds_bucket{job="etcd"}[5m]))) > 0.5',
    holds: '10m',
    severity: 'warning',
    summary: 'writing etcd’s log on {{ $labels.node }} takes {{ $value | humanizeDuration }}',
    runbook:
      'The disk is too slow or too busy: leaders will change. Move other load away, or the server to a faster disk.',
  }),
  alert({
    name: 'EtcdLeaderChanges',
    source,
    expr: 'increase(etcd_server_leader_changes_seen_total{job="etcd"}[15m]) >= 4',
    holds: '5m',
    severity: 'warning',
    summary: 'etcd changed its leader {{ $value | humanize }} times within 15 minutes',
    runbook:
      'Servers lose each other or their disks stall: look at EtcdSlowDisk and at the paths between servers (`drover doctor`).',
  }),
  alert({
    name: 'EtcdDatabaseLarge',
    source,
    expr: 'max by (node) (etcd_mvcc_db_total_size_in_bytes{job="etcd"} / etcd_server_quota_backend_bytes{job="etcd"}) > 0.8',
    holds: '10m',
    severity: 'critical',
    summary:
      'etcd on {{ $labels.node }} uses {{ $value | humanizePercentage }} of what it may: then nothing can be changed any more',
    runbook:
      'Look what there is too much of (events, Secrets of Helm releases), delete it, then defragment one member after the other.',
  }),
];
