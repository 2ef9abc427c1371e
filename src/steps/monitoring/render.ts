import type { ObjectSet } from '../sets/object-set.js';
import { exporterSets } from './exporters.js';
import { grafanaSet } from './grafana.js';
import type { MonitoringInput } from './input.js';
import { collectorSet } from './logs/collector.js';
import { lokiSet } from './logs/loki.js';
import { networkPolicySet } from './network-policy.js';
import { nodeExporterSet } from './node-exporter.js';
import { prometheusSet } from './prometheus.js';
import { stateMetricsSet } from './state-metrics.js';

/**
 * Monitoring as object sets, `monitoring/NAME`, one for each part. They are Drover's own manifests: the chart of the project
 * brings an operator, its definitions and its own rules, and what matters here is what is looked at and what is told.
 */
export const monitoringSets = (input: MonitoringInput): readonly ObjectSet[] => {
  const { monitoring } = input.cluster.spec;
  if (!monitoring.enabled) return [];
  return [
    networkPolicySet(input),
    nodeExporterSet(input),
    // A lab has no image of it, and a stand-in knows no figures.
    ...(input.lab === undefined ? [stateMetricsSet(input)] : []),
    ...exporterSets(input),
    prometheusSet(input),
    ...(monitoring.logs.enabled ? [lokiSet(input), collectorSet(input)] : []),
    ...(monitoring.grafana.enabled ? [grafanaSet(input)] : []),
  ];
};
