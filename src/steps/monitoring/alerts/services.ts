import { alert } from './alert.js';

/** Services outside the cluster. */
export const serviceAlerts = [
  alert({
    name: 'PostgresDown',
    source: 'postgres',
    expr: 'pg_up{job="postgres"} == 0',
    holds: '2m',
    severity: 'critical',
    summary: 'PostgreSQL {{ $labels.service }} lets the exporter not in',
    runbook:
      '`drover doctor` asks it from every node; then look at its own log and at the balancer in front.',
  }),
  alert({
    name: 'PostgresConnections',
    source: 'postgres',
    expr: '100 * sum by (service) (pg_stat_activity_count{job="postgres"}) / on (service) max by (service) (pg_settings_max_connections{job="postgres"}) > 85',
    holds: '10m',
    severity: 'warning',
    summary: '{{ $value | humanize }} % of the connections of PostgreSQL {{ $labels.service }} are in use',
    runbook: 'Look which application holds them (pg_stat_activity); make its pool smaller.',
  }),
  alert({
    name: 'RedisDown',
    source: 'redis',
    expr: 'redis_up{job="redis"} == 0',
    holds: '2m',
    severity: 'critical',
    summary: 'Redis {{ $labels.service }} lets the exporter not in',
    runbook:
      '`drover doctor` asks it from every node; then look at its own log and at the balancer in front.',
  }),
  alert({
    name: 'RedisMemory',
    source: 'redis',
    expr: '100 * redis_memory_used_bytes{job="redis"} / (redis_memory_max_bytes{job="redis"} > 0) > 90',
    holds: '10m',
    severity: 'warning',
    summary: 'Redis {{ $labels.service }} uses {{ $value | humanize }} % of its memory',
    runbook: 'It will evict keys or refuse writes: look at maxmemory-policy and at what grows.',
  }),
  alert({
    name: 'RabbitmqDown',
    source: 'rabbitmq',
    expr: 'up{job="rabbitmq"} == 0',
    holds: '2m',
    severity: 'critical',
    summary: 'RabbitMQ on {{ $labels.instance }} gives no figures',
    runbook: 'Does it run, and is its plugin rabbitmq_prometheus on?',
  }),
  alert({
    name: 'RabbitmqAlarm',
    source: 'rabbitmq',
    expr: 'max by (instance) ({__name__=~"rabbitmq_alarms_(memory_used|free_disk_space)_watermark",job="rabbitmq"}) > 0',
    holds: '1m',
    severity: 'critical',
    summary: 'RabbitMQ on {{ $labels.instance }} takes no messages: memory or disk is short',
    runbook: '`rabbitmq-diagnostics alarms` says which; look for queues that nobody reads.',
  }),
  alert({
    name: 'MinioNodesOffline',
    source: 'minio',
    expr: 'max by (service) (minio_cluster_nodes_offline_total{job="minio"}) > 0',
    holds: '5m',
    severity: 'critical',
    summary: '{{ $value | humanize }} nodes of MinIO {{ $labels.service }} are away',
    runbook: '`mc admin info` says which; it writes as long as most drives are there.',
  }),
];
