import { sentence } from '../../../core/text.js';
import type { WantedSet } from '../../../plan/set-stage.js';
import type { Cluster } from '../../../spec/cluster.js';
import { namespaceSetName } from '../../../steps/apps/render.js';
import { ingressSetName } from '../../../steps/ingress/ingress-set.js';
import { hasExporter } from '../../../steps/monitoring/exporters.js';
import type { MonitoringInput } from '../../../steps/monitoring/input.js';
import { monitoringSets } from '../../../steps/monitoring/render.js';
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
  const text = 'in this lab Prometheus and node_exporter are real, kube-state-metrics is left out';
  const standIn = parts.length === 0 ? '' : `; a stand-in runs in place of ${sentence(parts)}`;
  emit({ type: 'note', level: 'info', text: `${text}${standIn}` });
};

/** Seconds that its pods usually take. */
const EXPECTED_SECONDS = 15;

/** Monitoring behind its namespace; its pages behind the ingress. */
export const wantedMonitoring = (input: MonitoringInput): readonly WantedSet[] => {
  const { monitoring } = input.cluster.spec;
  const after = [namespaceSetName(monitoring.namespace), ingressSetName(input.cluster)];
  return monitoringSets(input).map((set) => ({ set, after, expected: { seconds: EXPECTED_SECONDS } }));
};
