import { stringify } from 'yaml';
import { LOKI_PORT } from './loki-config.js';

/** Ports of the collector's own health and figures. */
export const HEALTH_PORT = 13_133;
export const FIGURES_PORT = 8888;
export const PODS_FOLDER = '/var/log/pods';
/** On the host: how far every file was read, and what Loki has not taken yet. */
export const KEPT_FOLDER = '/var/lib/otelcol';

const LONGEST_LINE = '64KiB';
const POD_ADDRESS = '${env:POD_IP}';

const move = (from: string, to: string): object => ({ type: 'move', from, to });
const remove = (field: string): object => ({ type: 'remove', field });
const attribute = (name: string): string => `attributes["${name}"]`;
const resource = (name: string): string => `resource["${name}"]`;

/** A line of the runtime becomes a line of the program: parts put together, its time, and from the file's path whose it is. */
const OPERATORS: readonly object[] = [
  { type: 'container', max_log_size: LONGEST_LINE },
  move(resource('k8s.namespace.name'), 'resource.namespace'),
  move(resource('k8s.pod.name'), 'resource.pod'),
  move(resource('k8s.container.name'), 'resource.container'),
  remove(resource('k8s.pod.uid')),
  remove(resource('k8s.container.restart_count')),
  move(attribute('log.iostream'), 'attributes.stream'),
  remove(attribute('log.file.path')),
  remove('attributes.logtag'),
];

/**
 * The settings of the collector. Files are read on only when what was read is kept on the host's disk, and it is forgotten
 * there when Loki has it: a restart of either loses and repeats nothing. While Loki is slow or away, reading waits.
 */
export const collectorConfig = (namespace: string, name: string): string =>
  stringify(
    {
      extensions: {
        health_check: { endpoint: `[${POD_ADDRESS}]:${HEALTH_PORT}` },
        file_storage: {
          directory: KEPT_FOLDER,
          fsync: true,
          compaction: { on_start: true, directory: KEPT_FOLDER },
        },
      },
      receivers: {
        file_log: {
          include: [`${PODS_FOLDER}/*/*/*.log`],
          // What it says about its own failures would only make more of them.
          exclude: [`${PODS_FOLDER}/${namespace}_${name}-*/*/*.log`],
          start_at: 'beginning',
          include_file_path: true,
          include_file_name: false,
          max_log_size: LONGEST_LINE,
          storage: 'file_storage',
          resource: { node: '${env:NODE}' },
          operators: OPERATORS,
        },
      },
      exporters: {
        otlp_http: {
          logs_endpoint: `http://loki.${namespace}:${LOKI_PORT}/otlp/v1/logs`,
          sending_queue: {
            storage: 'file_storage',
            sizer: 'requests',
            // A container that is slowed down holds those behind it: few wait here, the rest in their files.
            queue_size: 20,
            num_consumers: 2,
            block_on_overflow: true,
          },
          retry_on_failure: {
            enabled: true,
            initial_interval: '1s',
            max_interval: '30s',
            // After a longer failure the oldest lines are given up, so that one bad request never holds all others.
            max_elapsed_time: '30m',
          },
        },
      },
      service: {
        extensions: ['health_check', 'file_storage'],
        pipelines: { logs: { receivers: ['file_log'], exporters: ['otlp_http'] } },
        telemetry: {
          logs: { level: 'warn' },
          metrics: {
            level: 'normal',
            readers: [{ pull: { exporter: { prometheus: { host: POD_ADDRESS, port: FIGURES_PORT } } } }],
          },
        },
      },
    },
    { lineWidth: 0 },
  );
