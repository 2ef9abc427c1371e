import { digest } from '../../core/canonical.js';
import type { KubeObject } from '../../core/ports/kube.js';

type Fields = Readonly<Record<string, unknown>>;

export const RBAC = 'rbac.authorization.k8s.io';
const NAME_LABEL = 'app.kubernetes.io/name';

export const selectorOf = (name: string): Record<string, string> => ({ [NAME_LABEL]: name });

export const metaOf = (name: string, namespace?: string): KubeObject['metadata'] => ({
  name,
  ...(namespace === undefined ? {} : { namespace }),
  labels: { ...selectorOf(name), 'app.kubernetes.io/managed-by': 'drover' },
});

/** Where one part of monitoring lives. */
export interface Part {
  readonly name: string;
  readonly namespace: string;
}

/** A service account that may do this in the whole cluster. Names of cluster-wide objects tell whose they are. */
export const accountOf = ({ name, namespace }: Part, rules: readonly Fields[]): readonly KubeObject[] => {
  const wide = metaOf(`drover-${name}`);
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: metaOf(name, namespace) },
    { apiVersion: `${RBAC}/v1`, kind: 'ClusterRole', metadata: wide, rules },
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: wide,
      roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: wide.name },
      subjects: [{ kind: 'ServiceAccount', name, namespace }],
    },
  ];
};

/** A service account for pods that ask the API nothing. */
export const accountWithoutRights = ({ name, namespace }: Part): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: metaOf(name, namespace),
  automountServiceAccountToken: false,
});

/** The disk of a part; of the cluster's own class unless told otherwise. */
export const claimOf = (
  { name, namespace }: Part,
  { storage, storageClass }: { readonly storage: string; readonly storageClass?: string | undefined },
): KubeObject => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: metaOf(name, namespace),
  spec: {
    accessModes: ['ReadWriteOnce'],
    ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
    resources: { requests: { storage } },
  },
});

export const configMap = ({ name, namespace }: Part, data: Readonly<Record<string, string>>): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: metaOf(name, namespace),
  data,
});

export const serviceOf = ({ name, namespace }: Part, port: number): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: metaOf(name, namespace),
  spec: {
    type: 'ClusterIP',
    selector: selectorOf(name),
    ports: [{ name: 'http', port, targetPort: 'http', protocol: 'TCP' }],
  },
});

/** Pods read their settings when they start: other settings mean other pods. */
export const templateOf = ({ name }: Part, spec: Fields, settings?: unknown): Fields => ({
  metadata: {
    labels: { ...selectorOf(name), 'app.kubernetes.io/managed-by': 'drover' },
    ...(settings === undefined
      ? {}
      : { annotations: { 'drover.dev/settings': digest(settings).slice(0, 16) } }),
  },
  spec,
});

/** Nobody, who cannot become anybody else. */
export const NOBODY = 65_534;
export const unprivilegedPod: Fields = {
  runAsUser: NOBODY,
  runAsGroup: NOBODY,
  fsGroup: NOBODY,
  runAsNonRoot: true,
  seccompProfile: { type: 'RuntimeDefault' },
};
export const unprivileged: Fields = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
};

/** Two checks on one path: may it get requests, must it be started again. */
export const probesOn = (ready: string, alive: string): Fields => ({
  readinessProbe: {
    httpGet: { path: ready, port: 'http' },
    periodSeconds: 5,
    timeoutSeconds: 3,
    failureThreshold: 3,
  },
  livenessProbe: {
    httpGet: { path: alive, port: 'http' },
    periodSeconds: 15,
    timeoutSeconds: 5,
    failureThreshold: 6,
  },
});
