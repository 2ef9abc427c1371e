import type { Cluster } from '../../spec/cluster.js';
import type { ExternalService } from '../../spec/service-address.js';
import type { AppsInput } from '../apps/input.js';
import type { Source } from './alerts/alert.js';

/** What monitoring is rendered from: the same as applications, some of its parts are some. */
export type MonitoringInput = AppsInput;

type Monitoring = Cluster['spec']['monitoring'];
export type Exporter = Monitoring['exporters'][number];

/** A service outside, and how it is watched. */
export interface Watched {
  readonly exporter: Exporter;
  readonly service: ExternalService;
}

export const watchedServices = ({ spec }: Cluster): readonly Watched[] =>
  spec.monitoring.exporters.flatMap((exporter) => {
    const service = spec.externalServices.find(({ name }) => name === exporter.service);
    return service === undefined ? [] : [{ exporter, service }];
  });

/**
 * Figures that this cluster has. A lab has neither kube-state-metrics nor exporters: stand-ins take their place, which give none.
 * etcd of Kubespray asks who wants its figures for a certificate.
 */
export const sourcesOf = ({ cluster, lab }: MonitoringInput): ReadonlySet<Source> => {
  const { distribution, ingress, monitoring } = cluster.spec;
  return new Set<Source>([
    ...(distribution.kind === 'k3s' ? (['etcd'] as const) : []),
    ...(ingress.controller === 'none' ? [] : (['ingress'] as const)),
    ...(monitoring.logs.enabled ? (['logs'] as const) : []),
    ...(lab === undefined
      ? ['state' as const, ...watchedServices(cluster).map(({ exporter }) => exporter.kind)]
      : []),
  ]);
};
