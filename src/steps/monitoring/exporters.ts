import { deploymentOf, serviceAccountOf } from '../apps/deployment.js';
import type { Application } from '../apps/input.js';
import { serviceOf } from '../apps/reach.js';
import { standInFor } from '../apps/stand-in.js';
import { type ObjectSet, objectSet } from '../sets/object-set.js';
import { applicationOf } from './application.js';
import { imageOf } from './images.js';
import { type Exporter, type MonitoringInput, type Watched, watchedServices } from './input.js';

/** Exporters that run beside Prometheus; the other services give their figures themselves. */
const PORTS: Readonly<Partial<Record<Exporter['kind'], number>>> = { postgres: 9187, redis: 9121 };

export const hasExporter = ({ kind }: Exporter): boolean => PORTS[kind] !== undefined;

export const exporterPort = ({ kind }: Exporter): number => {
  const port = PORTS[kind];
  if (port === undefined) throw new Error(`${kind} has no exporter`);
  return port;
};

/** Two databases may both be watched: an exporter is called after its service. */
export const exporterName = ({ kind, service }: Exporter): string =>
  service === kind ? `${kind}-exporter` : `${kind}-exporter-${service}`;

/** Names and passwords are references: they reach the pod from the Secret alone. */
const loginOf = (
  { exporter, service }: Watched,
  names: { readonly user: string; readonly password: string },
) => {
  const username = exporter.username ?? service.credentials?.username;
  const password = exporter.password ?? service.credentials?.password;
  return {
    ...(username === undefined ? {} : { [names.user]: username }),
    ...(password === undefined ? {} : { [names.password]: password }),
  };
};

const envOf = (watched: Watched): Application['env'] => {
  const { name, port, tls } = watched.service;
  if (watched.exporter.kind === 'redis') {
    return {
      REDIS_ADDR: `${tls ? 'rediss' : 'redis'}://${name}:${port}`,
      ...loginOf(watched, { user: 'REDIS_USER', password: 'REDIS_PASSWORD' }),
    };
  }
  return {
    DATA_SOURCE_URI: `${name}:${port}/postgres?sslmode=${tls ? 'require' : 'disable'}`,
    ...loginOf(watched, { user: 'DATA_SOURCE_USER', password: 'DATA_SOURCE_PASS' }),
  };
};

const exporterOf = (watched: Watched, { cluster: { spec } }: MonitoringInput): Application => {
  const { exporter } = watched;
  const { purpose, namespace } = spec.monitoring;
  const image = exporter.kind === 'redis' ? 'redis-exporter' : 'postgres-exporter';
  return applicationOf({
    name: exporterName(exporter),
    namespace,
    image: imageOf(spec.monitoring, image),
    replicas: 1,
    ports: [{ name: 'http', port: exporterPort(exporter) }],
    env: envOf(watched),
    probes: { readiness: { path: '/' }, liveness: { path: '/', initialDelay: '10s', failures: 6 } },
    resources: { requests: { cpu: '10m', memory: '32Mi' }, limits: { memory: '128Mi' } },
    needs: [exporter.service],
    ...(purpose === undefined ? {} : { purpose }),
  });
};

/** An exporter for each service that cannot give figures itself, one set each. */
export const exporterSets = (input: MonitoringInput): readonly ObjectSet[] =>
  watchedServices(input.cluster)
    .filter(({ exporter }) => hasExporter(exporter))
    .map((watched) => {
      const exporter = standInFor(exporterOf(watched, input), input);
      return objectSet(`monitoring/${exporter.name}`, [
        serviceAccountOf(exporter),
        ...serviceOf(exporter),
        deploymentOf(exporter),
      ]);
    });
