import type { KubeObject } from '../../core/ports/kube.js';
import type { VaultPod } from '../vault/pod.js';
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

const volumesOf = (application: Application, more: readonly Fields[]): Fields => {
  const claims = application.storage.map(({ name }) => ({
    name,
    persistentVolumeClaim: { claimName: claimName(application, name) },
  }));
  const all = [...claims, ...more];
  return all.length === 0 ? {} : { volumes: all };
};

const podOf = (application: Application, vault: VaultPod | undefined): Fields => ({
  serviceAccountName: application.name,
  automountServiceAccountToken: false,
  securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
  ...(application.pullSecret === undefined ? {} : { imagePullSecrets: [{ name: application.pullSecret }] }),
  ...(application.purpose === undefined ? {} : { nodeSelector: { [PURPOSE]: application.purpose } }),
  ...spreadOf(application),
  ...(vault === undefined || vault.initContainers.length === 0
    ? {}
    : { initContainers: vault.initContainers }),
  containers: [containerOf(application, vault?.mounts ?? [])],
  ...volumesOf(application, vault?.volumes ?? []),
});

/** Pods of an application have no rights: they get a service account of their own, without a token. */
export const serviceAccountOf = (application: Application): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: metaOf(application),
  automountServiceAccountToken: false,
});

/**
 * Where an autoscaler decides, nobody else says how many replicas there are.
 * @param vault what its pods need besides for secrets from Vault
 */
export const deploymentOf = (application: Application, vault?: VaultPod): KubeObject => {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: metaOf(application),
    spec: {
      ...(application.hpa === undefined ? { replicas: application.replicas } : {}),
      selector: { matchLabels: selectorOf(application) },
      strategy: strategyOf(application),
      template: {
        metadata: {
          labels: { ...selectorOf(application), 'app.kubernetes.io/managed-by': 'drover' },
          ...(vault === undefined ? {} : { annotations: vault.annotations }),
        },
        spec: podOf(application, vault),
      },
    },
  };
};
