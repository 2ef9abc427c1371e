import type { KubeObject } from '../../core/ports/kube.js';
import { ingressPeers, nodePeers } from '../apps/peers.js';
import { type ObjectSet, objectSet } from '../sets/object-set.js';
import { exporterName, exporterPort, hasExporter } from './exporters.js';
import { GRAFANA, GRAFANA_PORT } from './grafana.js';
import { type MonitoringInput, watchedServices } from './input.js';
import { COLLECTOR } from './logs/collector.js';
import { FIGURES_PORT } from './logs/collector-config.js';
import { LOKI } from './logs/loki.js';
import { LOKI_PORT } from './logs/loki-config.js';
import { metaOf, selectorOf } from './objects.js';
import { PROMETHEUS, PROMETHEUS_PORT } from './prometheus.js';
import { STATE_METRICS, STATE_METRICS_PORT } from './state-metrics.js';

type Fields = Readonly<Record<string, unknown>>;

/** A part that answers, and who may ask it. */
interface Reach {
  readonly part: string;
  readonly port: number;
  readonly from: readonly Fields[];
}

const podsOf = (part: string): Fields => ({ podSelector: { matchLabels: selectorOf(part) } });
const everyPodHere: Fields = { podSelector: {} };

/**
 * Who may ask whom. Prometheus and Loki answer whoever comes by the API's proxy, as people and `drover verify` do: such requests
 * come from servers. node_exporter is on the nodes' own network, where no policy reaches.
 */
const reaches = (input: MonitoringInput): readonly Reach[] => {
  const { monitoring } = input.cluster.spec;
  const prometheus = podsOf(PROMETHEUS);
  return [
    { part: PROMETHEUS, port: PROMETHEUS_PORT, from: [everyPodHere, ...nodePeers(input)] },
    ...(input.lab === undefined
      ? [{ part: STATE_METRICS, port: STATE_METRICS_PORT, from: [prometheus] }]
      : []),
    ...watchedServices(input.cluster)
      .filter(({ exporter }) => hasExporter(exporter))
      .map(({ exporter }) => ({
        part: exporterName(exporter),
        port: exporterPort(exporter),
        from: [prometheus],
      })),
    ...(monitoring.logs.enabled
      ? [
          {
            part: LOKI,
            port: LOKI_PORT,
            from: [podsOf(COLLECTOR), podsOf(GRAFANA), prometheus, ...nodePeers(input)],
          },
          { part: COLLECTOR, port: FIGURES_PORT, from: [prometheus] },
        ]
      : []),
    ...(monitoring.grafana.enabled && monitoring.grafana.host !== undefined
      ? [{ part: GRAFANA, port: GRAFANA_PORT, from: ingressPeers(input) }]
      : []),
  ];
};

const policy = (metadata: KubeObject['metadata'], spec: Fields): KubeObject => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata,
  spec: { policyTypes: ['Ingress'], ...spec },
});

/** All in one set: nobody is shut out before those who may are let in. */
export const networkPolicySet = (input: MonitoringInput): ObjectSet => {
  const { namespace } = input.cluster.spec.monitoring;
  return objectSet('monitoring/network-policies', [
    ...reaches(input).map(({ part, port, from }) =>
      policy(metaOf(part, namespace), {
        podSelector: { matchLabels: selectorOf(part) },
        ingress: [{ from, ports: [{ port, protocol: 'TCP' }] }],
      }),
    ),
    policy(metaOf('nothing-else', namespace), { podSelector: {} }),
  ]);
};
