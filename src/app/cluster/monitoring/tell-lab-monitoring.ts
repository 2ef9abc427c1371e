import { sentence } from '../../../core/text.js';
import type { Cluster } from '../../../spec/cluster.js';
import { hasExporter } from '../../../steps/monitoring/exporters.js';
import type { ClusterTools } from '../tools.js';

/** What a lab does otherwise than the spec says. */
export const tellLabMonitoring = (
  { spec }: Cluster,
  { sets, emit }: Pick<ClusterTools, 'sets' | 'emit'>,
): void => {
  const { monitoring } = spec;
  if (sets?.lab === undefined || !monitoring.enabled) return;
  const parts = [
    ...(monitoring.grafana.enabled ? ['Grafana'] : []),
    ...(monitoring.exporters.some(hasExporter) ? ['exporters'] : []),
  ];
  const real = ['Prometheus', 'node_exporter', ...(monitoring.logs.enabled ? ['Loki', 'its collector'] : [])];
  const text = `in this lab ${sentence(real)} are real, kube-state-metrics is left out`;
  const standIn = parts.length === 0 ? '' : `; a stand-in runs in place of ${sentence(parts)}`;
  emit({ type: 'note', level: 'info', text: `${text}${standIn}` });
};
