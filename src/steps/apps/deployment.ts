import type { KubeObject } from '../../core/ports/kube.js';
import { claimName } from './claims.js';
import { containerOf } from './container.js';
import { type Application, metaOf, selectorOf } from './input.js';

type Fields = Readonly<Record<string, unknown>>;

const PURPOSE = 'drover.dev/purpose';

/** A volume for one node can only move when the old pod has let go of it. */
const strategyOf = ({ storage }: Application): Fields =>
  storage.some(({ accessMode }) => accessMode !== 'ReadWriteMany')
    ? { type: 'Recreate' }
    : { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } };

/** Pods of one version spread over nodes as far as there are some. */
const spreadOf = (application: Application): Fields => ({
  topologySpreadConstraints: [
    {
      maxSkew: 1,
      topologyKey: 'kubernetes.io/hostname',
      whenUnsatisfiable: 'ScheduleAnyway',
      labelSelector: { matchLabels: selectorOf(application) },
      matchLabelKeys: ['pod-template-hash'],
    },
  ],
});

const podOf = (application: Application): Fields => ({
  serviceAccountName: application.name,
  automountServiceAccountToken: false,
  securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
  ...(application.pullSecret === undefined ? {} : { imagePullSecrets: [{ name: application.pullSecret }] }),
  ...(application.purpose === undefined ? {} : { nodeSelector: { [PURPOSE]: application.purpose } }),
  ...spreadOf(application),
  containers: [containerOf(application)],
  ...(application.storage.length === 0
    ? {}
    : {
        volumes: application.storage.map(({ name }) => ({
          name,
          persistentVolumeClaim: { claimName: claimName(application, name) },
        })),
      }),
});

/** Pods of an application have no rights: they get a service account of their own, without a token. */
export const serviceAccountOf = (application: Application): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: metaOf(application),
  automountServiceAccountToken: false,
});

/** Where an autoscaler decides, nobody else says how many replicas there are. */
export const deploymentOf = (application: Application): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: metaOf(application),
  spec: {
    ...(application.hpa === undefined ? { replicas: application.replicas } : {}),
    selector: { matchLabels: selectorOf(application) },
    strategy: strategyOf(application),
    template: {
      metadata: { labels: { ...selectorOf(application), 'app.kubernetes.io/managed-by': 'drover' } },
      spec: podOf(application),
    },
  },
});
