import type { KubeObject } from '../../core/ports/kube.js';
import type { Cluster } from '../../spec/cluster.js';
import { type ObjectSet, objectSet } from '../sets/object-set.js';

export const REVIEWER_SET = 'vault/reviewer';

const LABELS = { 'app.kubernetes.io/managed-by': 'drover' };

/**
 * By whom Vault asks this cluster whose a token is: a service account that may do that and nothing else, with a token that the
 * cluster itself puts into its Secret. Undefined = the spec has no Vault. Pure.
 */
export const reviewerSet = ({ spec: { vault } }: Cluster): ObjectSet | undefined => {
  if (vault === undefined) return undefined;
  const { namespace, name } = vault.auth.reviewer;
  const metadata = { name, namespace, labels: LABELS };
  const objects: readonly KubeObject[] = [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata, automountServiceAccountToken: false },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: `${namespace}-${name}`, labels: LABELS },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'system:auth-delegator' },
      subjects: [{ kind: 'ServiceAccount', name, namespace }],
    },
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { ...metadata, annotations: { 'kubernetes.io/service-account.name': name } },
      type: 'kubernetes.io/service-account-token',
    },
  ];
  return objectSet(REVIEWER_SET, objects);
};
