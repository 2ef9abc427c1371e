/** Series by their names as promtool writes them: `0x30` = 0 once a minute, 31 times; `1+2x30` grows by 2 a minute. */
type Series = Readonly<Record<string, string>>;

/** When an alert must fire, and something near by that must not make it fire. */
export interface AlertCase {
  readonly fires: Series;
  readonly quiet: Series;
  /** Minutes after which it is looked at; default 30. */
  readonly minutes?: number;
}

const up = (job: string, more = 'node="n1"', value = '0x120'): Series => ({
  [`up{job="${job}",instance="i-${value.slice(0, 1)}-${more.replaceAll('"', '')}",${more}}`]: value,
});
const NE = 'job="node-exporter",node="n1",instance="a"';
const DISK = `${NE},fstype="ext4",mountpoint="/",device="/dev/sda1"`;
const disk = (free: string, more: Series = {}): Series => ({
  [`node_filesystem_avail_bytes{${DISK}}`]: free,
  [`node_filesystem_size_bytes{${DISK}}`]: '100x600',
  [`node_filesystem_readonly{${DISK}}`]: '0x600',
  ...more,
});
const inodes = (free: string): Series => ({
  [`node_filesystem_files_free{${DISK}}`]: free,
  [`node_filesystem_files{${DISK}}`]: '100x600',
  [`node_filesystem_readonly{${DISK}}`]: '0x600',
});
const memory = (free: string): Series => ({
  [`node_memory_MemAvailable_bytes{${NE}}`]: free,
  [`node_memory_MemTotal_bytes{${NE}}`]: '100x120',
});
const CLAIM = 'job="kubelet",node="n1",namespace="shop",persistentvolumeclaim="data"';
const volume = (free: string): Series => ({
  [`kubelet_volume_stats_available_bytes{${CLAIM}}`]: free,
  [`kubelet_volume_stats_capacity_bytes{${CLAIM}}`]: '100x120',
});
const volumeInodes = (free: string): Series => ({
  [`kubelet_volume_stats_inodes_free{${CLAIM}}`]: free,
  [`kubelet_volume_stats_inodes{${CLAIM}}`]: '100x120',
});
const buckets = (
  name: string,
  labels: string,
  { below, above }: { below: string; above: string },
): Series => {
  return {
    [`${name}_bucket{${labels},le="${below}"}`]: '0+0x120',
    [`${name}_bucket{${labels},le="${above}"}`]: '0+60x120',
    [`${name}_bucket{${labels},le="+Inf"}`]: '0+60x120',
    [`${name}_count{${labels}}`]: '0+60x120',
  };
};
const DAY = 24 * 3600;
const client = (from: number, to: number): Series =>
  buckets('apiserver_client_certificate_expiration_seconds', 'job="apiserver",node="n1"', {
    below: `${from}`,
    above: `${to}`,
  });
const etcdFsync = (from: string, to: string): Series =>
  buckets('etcd_disk_wal_fsync_duration_seconds', 'job="etcd",node="n1"', { below: from, above: to });
const dnsTime = (from: string, to: string): Series =>
  buckets('coredns_dns_request_duration_seconds', 'job="coredns"', { below: from, above: to });
const members = (...values: readonly number[]): Series =>
  Object.assign({}, ...values.map((value, n) => up('etcd', `node="s${n}"`, `${value}x120`))) as Series;
const rates = (name: string, labels: string, bad: string, values: readonly [string, string]): Series => ({
  [`${name}{${labels},${bad}}`]: values[0],
  [`${name}{${labels}}`]: values[1],
});
const state = (name: string, labels: string, value: string): Series => ({
  [`${name}{job="kube-state-metrics",${labels}}`]: value,
});

/** Every alert, with the thresholds of the spec's defaults. */
export const alertCases: Readonly<Record<string, AlertCase>> = {
  EtcdNoLeader: {
    fires: { 'etcd_server_has_leader{job="etcd",node="s1"}': '0x30' },
    quiet: { 'etcd_server_has_leader{job="etcd",node="s1"}': '1x28 0 1' },
  },
  EtcdMemberDown: { fires: members(1, 1, 0), quiet: members(1, 1, 1) },
  EtcdQuorumAtRisk: { fires: members(1, 1, 0), quiet: members(1, 1, 1, 1, 0) },
  EtcdSlowDisk: { fires: etcdFsync('0.512', '1.024'), quiet: etcdFsync('0.004', '0.008') },
  EtcdLeaderChanges: {
    fires: { 'etcd_server_leader_changes_seen_total{job="etcd",node="s1"}': '1+1x60' },
    quiet: { 'etcd_server_leader_changes_seen_total{job="etcd",node="s1"}': '1x10 2x50' },
  },
  EtcdDatabaseLarge: {
    fires: {
      'etcd_mvcc_db_total_size_in_bytes{job="etcd",node="s1"}': '90x30',
      'etcd_server_quota_backend_bytes{job="etcd",node="s1"}': '100x30',
    },
    quiet: {
      'etcd_mvcc_db_total_size_in_bytes{job="etcd",node="s1"}': '70x30',
      'etcd_server_quota_backend_bytes{job="etcd",node="s1"}': '100x30',
    },
  },
  NodeLost: { fires: up('kubelet'), quiet: up('kubelet', 'node="n1"', '1x28 0 1') },
  NodeDiskLow: { fires: disk('10x30'), quiet: disk('20x30') },
  NodeDiskFull: { fires: disk('3x30'), quiet: disk('10x30') },
  NodeDiskFillsUp: { fires: disk('40-0.05x100'), quiet: disk('30x100'), minutes: 90 },
  NodeInodesLow: { fires: inodes('10x30'), quiet: inodes('40x30') },
  NodeMemoryLow: { fires: memory('2x30'), quiet: memory('30x30') },
  NodeClockOff: {
    fires: {
      [`node_timex_sync_status{${NE}}`]: '0x30',
      [`node_timex_maxerror_seconds{${NE}}`]: '16x30',
    },
    quiet: {
      [`node_timex_sync_status{${NE}}`]: '1x30',
      [`node_timex_maxerror_seconds{${NE}}`]: '0x30',
    },
  },
  VolumeLow: { fires: volume('10x30'), quiet: volume('40x30') },
  VolumeFull: { fires: volume('3x30'), quiet: volume('10x30') },
  VolumeInodesLow: { fires: volumeInodes('10x30'), quiet: volumeInodes('40x30') },
  VolumeBroken: {
    fires: state('kube_persistentvolume_status_phase', 'persistentvolume="pv",phase="Failed"', '1x30'),
    quiet: state('kube_persistentvolume_status_phase', 'persistentvolume="pv",phase="Bound"', '1x30'),
  },
  ClaimPending: {
    fires: state(
      'kube_persistentvolumeclaim_status_phase',
      'namespace="shop",persistentvolumeclaim="data",phase="Pending"',
      '1x30',
    ),
    quiet: state(
      'kube_persistentvolumeclaim_status_phase',
      'namespace="shop",persistentvolumeclaim="data",phase="Pending"',
      '1x20 0x10',
    ),
  },
  ApiDown: { fires: up('apiserver'), quiet: { ...up('apiserver'), ...up('apiserver', 'node="n2"', '1x60') } },
  ApiServerDown: { fires: up('apiserver'), quiet: up('apiserver', 'node="n1"', '1x60') },
  ApiErrors: {
    fires: rates('apiserver_request_total', 'job="apiserver",node="n1"', 'code="503"', [
      '0+10x60',
      '0+90x60',
    ]),
    quiet: rates('apiserver_request_total', 'job="apiserver",node="n1"', 'code="404"', [
      '0+10x60',
      '0+90x60',
    ]),
  },
  NodeNotReady: {
    fires: state('kube_node_status_condition', 'node="n1",condition="Ready",status="true"', '0x30'),
    quiet: state('kube_node_status_condition', 'node="n1",condition="Ready",status="true"', '1x30'),
  },
  PodCrashLoops: {
    fires: state(
      'kube_pod_container_status_waiting_reason',
      'namespace="shop",pod="web-1",container="web",reason="CrashLoopBackOff"',
      '1x30',
    ),
    quiet: state(
      'kube_pod_container_status_waiting_reason',
      'namespace="shop",pod="web-1",container="web",reason="ContainerCreating"',
      '1x30',
    ),
  },
  DeploymentNotReady: {
    fires: {
      ...state('kube_deployment_spec_replicas', 'namespace="shop",deployment="web"', '2x30'),
      ...state('kube_deployment_status_replicas_available', 'namespace="shop",deployment="web"', '1x30'),
    },
    quiet: {
      ...state('kube_deployment_spec_replicas', 'namespace="shop",deployment="web"', '2x30'),
      ...state('kube_deployment_status_replicas_available', 'namespace="shop",deployment="web"', '2x30'),
    },
  },
  DaemonSetNotReady: {
    fires: {
      ...state('kube_daemonset_status_desired_number_scheduled', 'namespace="a",daemonset="d"', '3x30'),
      ...state('kube_daemonset_status_number_ready', 'namespace="a",daemonset="d"', '2x30'),
    },
    quiet: {
      ...state('kube_daemonset_status_desired_number_scheduled', 'namespace="a",daemonset="d"', '3x30'),
      ...state('kube_daemonset_status_number_ready', 'namespace="a",daemonset="d"', '3x30'),
    },
  },
  JobFailed: {
    fires: state('kube_job_status_failed', 'namespace="shop",job_name="move"', '1x30'),
    quiet: state('kube_job_status_failed', 'namespace="shop",job_name="move"', '0x30'),
  },
  ClientCertificateEnds: { fires: client(7 * DAY, 14 * DAY), quiet: client(90 * DAY, 365 * DAY) },
  ClientCertificateAtEnd: { fires: client(DAY, 2 * DAY), quiet: client(7 * DAY, 14 * DAY) },
  // Time begins at 0 in these tests.
  IngressCertificateEnds: {
    fires: { 'traefik_tls_certs_not_after{job="ingress",sans="a.example"}': `${14 * DAY}x30` },
    quiet: { 'traefik_tls_certs_not_after{job="ingress",sans="a.example"}': `${80 * DAY}x30` },
  },
  IngressCertificateAtEnd: {
    fires: {
      'nginx_ingress_controller_ssl_expire_time_seconds{job="ingress",host="a.example"}': `${2 * DAY}x30`,
    },
    quiet: {
      'nginx_ingress_controller_ssl_expire_time_seconds{job="ingress",host="a.example"}': `${14 * DAY}x30`,
    },
  },
  DnsDown: { fires: up('coredns'), quiet: up('coredns', 'node="n1"', '1x60') },
  DnsErrors: {
    fires: rates('coredns_dns_responses_total', 'job="coredns"', 'rcode="SERVFAIL"', ['0+5x60', '0+95x60']),
    quiet: rates('coredns_dns_responses_total', 'job="coredns"', 'rcode="NXDOMAIN"', ['0+5x60', '0+95x60']),
  },
  DnsSlow: { fires: dnsTime('1.024', '2.048'), quiet: dnsTime('0.016', '0.032') },
  IngressDown: { fires: up('ingress'), quiet: up('ingress', 'node="n1"', '1x60') },
  IngressErrors: {
    fires: {
      'traefik_service_requests_total{job="ingress",service="shop-web-80",code="502"}': '0+10x60',
      'traefik_service_requests_total{job="ingress",service="shop-web-80",code="200"}': '0+90x60',
    },
    quiet: {
      'nginx_ingress_controller_requests{job="ingress",exported_namespace="shop",exported_service="web",status="502"}':
        '0+1x60',
      'nginx_ingress_controller_requests{job="ingress",exported_namespace="shop",exported_service="web",status="200"}':
        '0+99x60',
    },
  },
  PostgresDown: {
    fires: { 'pg_up{job="postgres",service="pg"}': '0x30' },
    quiet: { 'pg_up{job="postgres",service="pg"}': '1x30' },
  },
  PostgresConnections: {
    fires: {
      'pg_stat_activity_count{job="postgres",service="pg",state="idle"}': '90x30',
      'pg_settings_max_connections{job="postgres",service="pg"}': '100x30',
    },
    quiet: {
      'pg_stat_activity_count{job="postgres",service="pg",state="idle"}': '40x30',
      'pg_settings_max_connections{job="postgres",service="pg"}': '100x30',
    },
  },
  RedisDown: {
    fires: { 'redis_up{job="redis",service="r"}': '0x30' },
    quiet: { 'redis_up{job="redis",service="r"}': '1x30' },
  },
  RedisMemory: {
    fires: {
      'redis_memory_used_bytes{job="redis",service="r"}': '95x30',
      'redis_memory_max_bytes{job="redis",service="r"}': '100x30',
    },
    // 0 = no limit is set.
    quiet: {
      'redis_memory_used_bytes{job="redis",service="r"}': '95x30',
      'redis_memory_max_bytes{job="redis",service="r"}': '0x30',
    },
  },
  RabbitmqDown: { fires: up('rabbitmq', 'service="q"'), quiet: up('rabbitmq', 'service="q"', '1x30') },
  RabbitmqAlarm: {
    fires: { 'rabbitmq_alarms_memory_used_watermark{job="rabbitmq",instance="q1"}': '1x30' },
    quiet: { 'rabbitmq_alarms_file_descriptor_limit{job="rabbitmq",instance="q1"}': '1x30' },
  },
  MinioNodesOffline: {
    fires: { 'minio_cluster_nodes_offline_total{job="minio",service="s3"}': '1x30' },
    quiet: { 'minio_cluster_nodes_offline_total{job="minio",service="s3"}': '0x30' },
  },
  LogsHeldBack: {
    fires: {
      'otelcol_exporter_queue_size{job="otelcol",node="n1",exporter="otlp_http"}': '3x60',
      'otelcol_exporter_sent_log_records{job="otelcol",node="n1",server_port="3100"}': '700x60',
    },
    // A busy node always has some on their way.
    quiet: {
      'otelcol_exporter_queue_size{job="otelcol",node="n1",exporter="otlp_http"}': '3x60',
      'otelcol_exporter_sent_log_records{job="otelcol",node="n1",server_port="3100"}': '0+50x60',
    },
  },
  LogsRefused: {
    fires: { 'loki_discarded_samples_total{job="loki",reason="per_stream_rate_limit"}': '0+5x90' },
    quiet: { 'loki_discarded_samples_total{job="loki",reason="per_stream_rate_limit"}': '5x90' },
    minutes: 45,
  },
  LokiCannotWrite: {
    fires: { 'loki_ingester_wal_disk_full_failures_total{job="loki"}': '0+1x60' },
    quiet: {
      'loki_ingester_wal_disk_full_failures_total{job="loki"}': '0x60',
      'loki_ingester_chunks_flush_failures_total{job="loki"}': '2x60',
    },
  },
  TargetDown: { fires: up('node-exporter'), quiet: up('kubelet') },
  RulesFail: {
    fires: { 'prometheus_rule_evaluation_failures_total{job="prometheus",rule_group="a"}': '0+1x60' },
    quiet: { 'prometheus_rule_evaluation_failures_total{job="prometheus",rule_group="a"}': '5x60' },
  },
  AlertsNotSent: {
    fires: { 'prometheus_notifications_dropped_total{job="prometheus"}': '0+1x60' },
    quiet: { 'prometheus_notifications_dropped_total{job="prometheus"}': '5x60' },
  },
};
