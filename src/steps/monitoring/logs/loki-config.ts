import { stringify } from 'yaml';
import { quantity } from '../../../bundle/target/quantity.js';
import type { Cluster } from '../../../spec/cluster.js';
import { LABELS } from './labels.js';

type Logs = Cluster['spec']['monitoring']['logs'];

export const LOKI_PORT = 3100;
export const LOKI_DATA = '/loki';

/** Plain text becomes at least this much smaller; the rest of the disk holds the index and what is not written yet. */
const COMPRESSION = 5;
const SHARE = 0.8;
/** Of all that fits, what a single container may write. */
const ONE = 0.5;
const LEAST_BYTES = 16 * 1024;
const DAY_SECONDS = 24 * 3600;

/**
 * Bytes per second that one container may write for ever: over the whole retention it fills half of the disk. Loki has no
 * limit by size, so this is what keeps one noisy pod from taking the place of all others.
 */
export const streamRate = ({ storage, retention }: Logs): number => {
  const days = Number.parseInt(retention, 10) * (retention.endsWith('w') ? 7 : 1);
  const fits = (quantity(storage) * SHARE * COMPRESSION * ONE) / (days * DAY_SECONDS);
  return Math.max(LEAST_BYTES, Math.floor(fits));
};

/**
 * The settings of Loki: one process, everything in one folder. A request of the collector holds at most 100 lines of 64 KiB:
 * it must fit into the bursts, or it would be refused for ever.
 */
export const lokiConfig = (logs: Logs): string =>
  stringify(
    {
      auth_enabled: false,
      // Parts of Loki talk to each other over gRPC: all of them are in this process.
      server: { http_listen_port: LOKI_PORT, grpc_listen_address: '127.0.0.1', log_level: 'warn' },
      common: {
        path_prefix: LOKI_DATA,
        instance_addr: '127.0.0.1',
        replication_factor: 1,
        ring: { kvstore: { store: 'inmemory' } },
        storage: {
          filesystem: { chunks_directory: `${LOKI_DATA}/chunks`, rules_directory: `${LOKI_DATA}/rules` },
        },
      },
      schema_config: {
        configs: [
          {
            from: '2024-01-01',
            store: 'tsdb',
            object_store: 'filesystem',
            schema: 'v13',
            index: { prefix: 'index_', period: '24h' },
          },
        ],
      },
      // There is no other Loki whose work it could take over: it is ready at once.
      ingester: { lifecycler: { min_ready_duration: '0s' } },
      compactor: {
        working_directory: `${LOKI_DATA}/compactor`,
        retention_enabled: true,
        delete_request_store: 'filesystem',
      },
      limits_config: {
        retention_period: logs.retention,
        reject_old_samples: true,
        reject_old_samples_max_age: logs.retention,
        ingestion_rate_mb: 8,
        ingestion_burst_size_mb: 32,
        per_stream_rate_limit: `${streamRate(logs)}B`,
        per_stream_rate_limit_burst: '16MB',
        max_global_streams_per_user: 10_000,
        max_line_size: '256KB',
        max_line_size_truncate: true,
        discover_service_name: [],
        otlp_config: {
          resource_attributes: {
            ignore_defaults: true,
            attributes_config: [{ action: 'index_label', attributes: LABELS }],
          },
        },
      },
      analytics: { reporting_enabled: false },
    },
    { lineWidth: 0 },
  );
