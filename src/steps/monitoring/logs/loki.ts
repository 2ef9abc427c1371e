import type { KubeObject } from '../../../core/ports/kube.js';
import type { Cluster } from '../../../spec/cluster.js';
import { type ObjectSet, objectSet } from '../../sets/object-set.js';
import { imageOf } from '../images.js';
import type { MonitoringInput } from '../input.js';
import {
  accountWithoutRights,
  claimOf,
  configMap,
  metaOf,
  type Part,
  probesOn,
  selectorOf,
  serviceOf,
  templateOf,
  unprivileged,
  unprivilegedPod,
} from '../objects.js';
import { LOKI_DATA, LOKI_PORT, lokiConfig } from './loki-config.js';

type Fields = Readonly<Record<string, unknown>>;
type Monitoring = Cluster['spec']['monitoring'];

export const LOKI = 'loki';

const CONFIG = '/etc/loki';
const MAIN = 'config.yaml';

const containerOf = (monitoring: Monitoring): Fields => ({
  name: LOKI,
  image: imageOf(monitoring, 'loki'),
  args: [`-config.file=${CONFIG}/${MAIN}`],
  ports: [{ name: 'http', containerPort: LOKI_PORT, protocol: 'TCP' }],
  // It answers the second as soon as it runs, and the first when it has read what was not written at its last end.
  ...probesOn('/ready', '/loki/api/v1/status/buildinfo'),
  resources: { requests: { cpu: '50m', memory: '256Mi' }, limits: { memory: monitoring.logs.memory } },
  securityContext: unprivileged,
  volumeMounts: [
    { name: 'config', mountPath: CONFIG, readOnly: true },
    { name: 'data', mountPath: LOKI_DATA },
  ],
});

/** A StatefulSet never has two pods of one name: they would write into one store. */
const workload = (part: Part, monitoring: Monitoring, settings: unknown): KubeObject => {
  const { purpose } = monitoring;
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: metaOf(part.name, part.namespace),
    spec: {
      replicas: 1,
      serviceName: part.name,
      // A pod that never gets ready must not keep the next settings from being tried.
      podManagementPolicy: 'Parallel',
      selector: { matchLabels: selectorOf(part.name) },
      template: templateOf(
        part,
        {
          serviceAccountName: part.name,
          automountServiceAccountToken: false,
          securityContext: unprivilegedPod,
          ...(purpose === undefined ? {} : { nodeSelector: { 'drover.dev/purpose': purpose } }),
          containers: [containerOf(monitoring)],
          volumes: [
            { name: 'config', configMap: { name: part.name } },
            { name: 'data', persistentVolumeClaim: { claimName: part.name } },
          ],
        },
        settings,
      ),
    },
  };
};

/** Loki as one process on a volume: it keeps lines, forgets them after their time, and finds them again. */
export const lokiSet = ({ cluster: { spec } }: MonitoringInput): ObjectSet => {
  const { monitoring } = spec;
  const part = { name: LOKI, namespace: monitoring.namespace };
  const settings = { [MAIN]: lokiConfig(monitoring.logs) };
  return objectSet('monitoring/loki', [
    accountWithoutRights(part),
    configMap(part, settings),
    claimOf(part, monitoring.logs),
    serviceOf(part, LOKI_PORT),
    workload(part, monitoring, settings),
  ]);
};
