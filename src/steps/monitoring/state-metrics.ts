import { type ObjectSet, objectSet } from '../sets/object-set.js';
import { imageOf } from './images.js';
import type { MonitoringInput } from './input.js';
import {
  accountOf,
  metaOf,
  probesOn,
  selectorOf,
  templateOf,
  unprivileged,
  unprivilegedPod,
} from './objects.js';

type Fields = Readonly<Record<string, unknown>>;

export const STATE_METRICS = 'kube-state-metrics';
export const STATE_METRICS_PORT = 8080;

/** Kinds whose state is shown, by API group; never Secrets and ConfigMaps. */
const SHOWN: Readonly<Record<string, readonly string[]>> = {
  '': ['namespaces', 'nodes', 'persistentvolumeclaims', 'persistentvolumes', 'pods', 'services'],
  apps: ['daemonsets', 'deployments', 'replicasets', 'statefulsets'],
  autoscaling: ['horizontalpodautoscalers'],
  batch: ['cronjobs', 'jobs'],
  'networking.k8s.io': ['ingresses'],
  policy: ['poddisruptionbudgets'],
};

const MAY: readonly Fields[] = Object.entries(SHOWN).map(([group, resources]) => ({
  apiGroups: [group],
  resources,
  verbs: ['list', 'watch'],
}));

/** What the API knows of nodes, pods and volumes, as figures. */
export const stateMetricsSet = ({ cluster: { spec } }: MonitoringInput): ObjectSet => {
  const { namespace, purpose } = spec.monitoring;
  const part = { name: STATE_METRICS, namespace };
  return objectSet('monitoring/kube-state-metrics', [
    ...accountOf(part, MAY),
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: metaOf(part.name, namespace),
      spec: {
        replicas: 1,
        selector: { matchLabels: selectorOf(part.name) },
        template: templateOf(part, {
          serviceAccountName: part.name,
          ...(purpose === undefined ? {} : { nodeSelector: { 'drover.dev/purpose': purpose } }),
          securityContext: unprivilegedPod,
          containers: [
            {
              name: part.name,
              image: imageOf(spec.monitoring, 'kube-state-metrics'),
              args: [
                `--port=${STATE_METRICS_PORT}`,
                `--resources=${Object.values(SHOWN).flat().sort().join(',')}`,
              ],
              ports: [{ name: 'http', containerPort: STATE_METRICS_PORT, protocol: 'TCP' }],
              ...probesOn('/healthz', '/livez'),
              resources: { requests: { cpu: '20m', memory: '64Mi' }, limits: { memory: '512Mi' } },
              securityContext: unprivileged,
            },
          ],
        }),
      },
    },
  ]);
};
