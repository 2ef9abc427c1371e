import { stringify } from 'yaml';
import type { KubeObject } from '../../core/ports/kube.js';
import { deploymentOf, serviceAccountOf } from '../apps/deployment.js';
import type { Application } from '../apps/input.js';
import { ingressOf, serviceOf } from '../apps/reach.js';
import { standInFor } from '../apps/stand-in.js';
import { type ObjectSet, objectSet } from '../sets/object-set.js';
import { applicationOf } from './application.js';
import { boardsFor } from './dashboards/index.js';
import { DATASOURCE, dashboardOf, LOGSOURCE } from './dashboards/render.js';
import { imageOf } from './images.js';
import { type MonitoringInput, sourcesOf } from './input.js';
import { LOKI } from './logs/loki.js';
import { LOKI_PORT } from './logs/loki-config.js';
import { configMap, templateOf } from './objects.js';
import { PROMETHEUS_PORT } from './prometheus.js';

type Fields = Readonly<Record<string, unknown>>;

export const GRAFANA = 'grafana';
export const GRAFANA_PORT = 3000;

const DASHBOARDS = 'grafana-dashboards';
const PROVISIONING = 'grafana-provisioning';
const FOLDER = '/etc/drover/dashboards';

/** Where figures and lines come from. */
export const datasourceFile = (namespace: string, logs: boolean): string =>
  stringify({
    apiVersion: 1,
    datasources: [
      {
        name: 'Prometheus',
        ...DATASOURCE,
        access: 'proxy',
        url: `http://prometheus.${namespace}:${PROMETHEUS_PORT}`,
        isDefault: true,
        editable: false,
      },
      ...(logs
        ? [
            {
              name: 'Loki',
              ...LOGSOURCE,
              access: 'proxy',
              url: `http://${LOKI}.${namespace}:${LOKI_PORT}`,
              editable: false,
            },
          ]
        : []),
    ],
  });

/** Where dashboards come from: files that only Drover changes. */
const providerFile = (): string =>
  stringify({
    apiVersion: 1,
    providers: [
      {
        name: 'drover',
        folder: 'Drover',
        type: 'file',
        disableDeletion: true,
        allowUiUpdates: false,
        options: { path: FOLDER },
      },
    ],
  });

const grafanaOf = ({ cluster: { spec } }: MonitoringInput): Application => {
  const { namespace, purpose, grafana } = spec.monitoring;
  const { host, adminPassword } = grafana;
  return applicationOf({
    name: GRAFANA,
    namespace,
    image: imageOf(spec.monitoring, 'grafana'),
    replicas: 1,
    ports: [{ name: 'http', port: GRAFANA_PORT }],
    env: {
      ...(adminPassword === undefined ? {} : { GF_SECURITY_ADMIN_PASSWORD: adminPassword }),
      ...(host === undefined ? {} : { GF_SERVER_ROOT_URL: `https://${host}` }),
      GF_ANALYTICS_REPORTING_ENABLED: 'false',
      GF_ANALYTICS_CHECK_FOR_UPDATES: 'false',
      GF_USERS_ALLOW_SIGN_UP: 'false',
    },
    probes: {
      readiness: { path: '/api/health' },
      liveness: { path: '/api/health', initialDelay: '60s', failures: 6 },
    },
    resources: { requests: { cpu: '50m', memory: '128Mi' }, limits: { memory: '512Mi' } },
    ...(host === undefined ? {} : { ingress: { hosts: [host] } }),
    ...(purpose === undefined ? {} : { purpose }),
  });
};

const MOUNTS: readonly (readonly [name: string, map: string, path: string, items?: readonly Fields[]])[] = [
  [
    'datasources',
    PROVISIONING,
    '/etc/grafana/provisioning/datasources',
    [{ key: 'datasource.yaml', path: 'drover.yaml' }],
  ],
  [
    'providers',
    PROVISIONING,
    '/etc/grafana/provisioning/dashboards',
    [{ key: 'provider.yaml', path: 'drover.yaml' }],
  ],
  ['dashboards', DASHBOARDS, FOLDER],
];

/** The Deployment of an application with these settings mounted; other settings mean other pods. */
const withSettings = (deployment: KubeObject, settings: unknown): KubeObject => {
  const spec = deployment['spec'] as {
    readonly template: { readonly spec: { readonly containers: readonly Fields[] } };
  };
  const pod = spec.template.spec;
  return {
    ...deployment,
    spec: {
      ...spec,
      template: templateOf(
        { name: GRAFANA, namespace: '' },
        {
          ...pod,
          containers: pod.containers.map((container) => ({
            ...container,
            volumeMounts: MOUNTS.map(([name, , mountPath]) => ({ name, mountPath, readOnly: true })),
          })),
          volumes: MOUNTS.map(([name, map, , items]) => ({
            name,
            configMap: { name: map, ...(items === undefined ? {} : { items }) },
          })),
        },
        settings,
      ),
    },
  };
};

/** Grafana with its source of figures and every dashboard; it keeps nothing itself. */
export const grafanaSet = (input: MonitoringInput): ObjectSet => {
  const { spec } = input.cluster;
  const { namespace } = spec.monitoring;
  const application = standInFor(grafanaOf(input), input);
  const dashboards = Object.fromEntries(
    boardsFor(sourcesOf(input)).map((board) => [`${board.uid}.json`, JSON.stringify(dashboardOf(board))]),
  );
  const provisioning = {
    'datasource.yaml': datasourceFile(namespace, spec.monitoring.logs.enabled),
    'provider.yaml': providerFile(),
  };
  return objectSet('monitoring/grafana', [
    serviceAccountOf(application),
    configMap({ name: PROVISIONING, namespace }, provisioning),
    configMap({ name: DASHBOARDS, namespace }, dashboards),
    ...serviceOf(application),
    withSettings(deploymentOf(application), { dashboards, provisioning }),
    ...ingressOf(application, spec),
  ]);
};
