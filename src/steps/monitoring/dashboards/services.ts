import type { Board } from './board.js';

export const postgresBoard: Board = {
  uid: 'drover-postgres',
  title: 'PostgreSQL',
  source: 'postgres',
  panels: [
    {
      title: 'Answers',
      kind: 'stat',
      unit: 'short',
      queries: [{ expr: 'pg_up{job="postgres"}', legend: '{{service}}' }],
      marks: { warning: 1, critical: 0.5, low: true },
    },
    {
      title: 'Connections',
      kind: 'timeseries',
      unit: 'short',
      queries: [
        {
          expr: 'sum by (service, state) (pg_stat_activity_count{job="postgres"})',
          legend: '{{service}} {{state}}',
        },
        {
          expr: 'max by (service) (pg_settings_max_connections{job="postgres"})',
          legend: '{{service}} at most',
        },
      ],
    },
    {
      title: 'Transactions',
      kind: 'timeseries',
      unit: 'ops',
      queries: [
        {
          expr: 'sum by (service, datname) (rate(pg_stat_database_xact_commit{job="postgres"}[5m]))',
          legend: '{{service}} {{datname}}',
        },
      ],
    },
    {
      title: 'Databases',
      kind: 'timeseries',
      unit: 'bytes',
      queries: [{ expr: 'pg_database_size_bytes{job="postgres"}', legend: '{{service}} {{datname}}' }],
    },
  ],
};

export const redisBoard: Board = {
  uid: 'drover-redis',
  title: 'Redis',
  source: 'redis',
  panels: [
    {
      title: 'Answers',
      kind: 'stat',
      unit: 'short',
      queries: [{ expr: 'redis_up{job="redis"}', legend: '{{service}}' }],
      marks: { warning: 1, critical: 0.5, low: true },
    },
    {
      title: 'Memory',
      kind: 'timeseries',
      unit: 'bytes',
      queries: [
        { expr: 'redis_memory_used_bytes{job="redis"}', legend: '{{service}} in use' },
        { expr: 'redis_memory_max_bytes{job="redis"}', legend: '{{service}} at most' },
      ],
    },
    {
      title: 'Commands',
      kind: 'timeseries',
      unit: 'ops',
      queries: [{ expr: 'rate(redis_commands_processed_total{job="redis"}[5m])', legend: '{{service}}' }],
    },
    {
      title: 'Clients',
      kind: 'timeseries',
      unit: 'short',
      queries: [{ expr: 'redis_connected_clients{job="redis"}', legend: '{{service}}' }],
    },
  ],
};
