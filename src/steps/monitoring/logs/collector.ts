import type { Cluster } from '../../../spec/cluster.js';
import { type ObjectSet, objectSet } from '../../sets/object-set.js';
import { imageOf } from '../images.js';
import type { MonitoringInput } from '../input.js';
import {
  accountWithoutRights,
  configMap,
  metaOf,
  probesOn,
  selectorOf,
  templateOf,
  unprivileged,
} from '../objects.js';
import { collectorConfig, FIGURES_PORT, HEALTH_PORT, KEPT_FOLDER, PODS_FOLDER } from './collector-config.js';

type Fields = Readonly<Record<string, unknown>>;
type Monitoring = Cluster['spec']['monitoring'];

export const COLLECTOR = 'otelcol';

const CONFIG = '/etc/otelcol';
const MAIN = 'config.yaml';

const field = (name: string, fieldPath: string): Fields => ({
  name,
  valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath } },
});

const containerOf = (monitoring: Monitoring): Fields => ({
  name: COLLECTOR,
  image: imageOf(monitoring, 'otelcol'),
  args: [`--config=${CONFIG}/${MAIN}`],
  env: [
    field('NODE', 'spec.nodeName'),
    field('POD_IP', 'status.podIP'),
    // It collects garbage before the limit ends it.
    { name: 'GOMEMLIMIT', value: '200MiB' },
  ],
  ports: [
    { name: 'http', containerPort: HEALTH_PORT, protocol: 'TCP' },
    { name: 'metrics', containerPort: FIGURES_PORT, protocol: 'TCP' },
  ],
  ...probesOn('/', '/'),
  resources: { requests: { cpu: '20m', memory: '64Mi' }, limits: { memory: '256Mi' } },
  securityContext: unprivileged,
  volumeMounts: [
    { name: 'config', mountPath: CONFIG, readOnly: true },
    { name: 'pods', mountPath: PODS_FOLDER, readOnly: true },
    { name: 'kept', mountPath: KEPT_FOLDER },
  ],
});

/** Reads the lines of all pods of its node from their files: it asks nobody, so it needs no rights in the cluster. */
export const collectorSet = ({ cluster: { spec } }: MonitoringInput): ObjectSet => {
  const { monitoring } = spec;
  const part = { name: COLLECTOR, namespace: monitoring.namespace };
  const settings = { [MAIN]: collectorConfig(part.namespace, part.name) };
  return objectSet('monitoring/otelcol', [
    accountWithoutRights(part),
    configMap(part, settings),
    {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: metaOf(part.name, part.namespace),
      spec: {
        selector: { matchLabels: selectorOf(part.name) },
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '20%', maxSurge: 0 } },
        template: templateOf(
          part,
          {
            serviceAccountName: part.name,
            automountServiceAccountToken: false,
            // What a node says when it is in trouble is wanted most.
            tolerations: [{ operator: 'Exists' }],
            priorityClassName: 'system-node-critical',
            nodeSelector: { 'kubernetes.io/os': 'linux' },
            // Log files are root's alone. It has none of root's other powers.
            securityContext: { runAsUser: 0, runAsGroup: 0, seccompProfile: { type: 'RuntimeDefault' } },
            containers: [containerOf(monitoring)],
            volumes: [
              { name: 'config', configMap: { name: part.name } },
              { name: 'pods', hostPath: { path: PODS_FOLDER, type: 'Directory' } },
              { name: 'kept', hostPath: { path: KEPT_FOLDER, type: 'DirectoryOrCreate' } },
            ],
          },
          settings,
        ),
      },
    },
  ]);
};
