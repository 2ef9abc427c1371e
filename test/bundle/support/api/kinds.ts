import type { KubeObject, KubeResource } from '../../../../src/core/ports/kube.js';

export const groupVersion = (apiVersion: string): { readonly group: string; readonly version: string } => {
  const [first = '', second] = apiVersion.split('/');
  return second === undefined ? { group: '', version: first } : { group: first, version: second };
};

export const servedKind = (
  apiVersion: string,
  kind: string,
  plural: string,
  namespaced = true,
): KubeResource => ({
  ...groupVersion(apiVersion),
  kind,
  plural,
  namespaced,
  verbs: ['get', 'list', 'create', 'patch', 'delete', 'watch'],
  preferred: true,
});

/** What every cluster serves. */
export const builtInKinds: readonly KubeResource[] = [
  servedKind('v1', 'Namespace', 'namespaces', false),
  servedKind('v1', 'Node', 'nodes', false),
  servedKind('v1', 'PersistentVolume', 'persistentvolumes', false),
  servedKind('v1', 'ConfigMap', 'configmaps'),
  servedKind('v1', 'Secret', 'secrets'),
  servedKind('v1', 'Service', 'services'),
  servedKind('v1', 'ServiceAccount', 'serviceaccounts'),
  servedKind('v1', 'PersistentVolumeClaim', 'persistentvolumeclaims'),
  servedKind('v1', 'ResourceQuota', 'resourcequotas'),
  servedKind('v1', 'LimitRange', 'limitranges'),
  servedKind('v1', 'Pod', 'pods'),
  servedKind('v1', 'Endpoints', 'endpoints'),
  servedKind('discovery.k8s.io/v1', 'EndpointSlice', 'endpointslices'),
  servedKind('apps/v1', 'Deployment', 'deployments'),
  servedKind('apps/v1', 'StatefulSet', 'statefulsets'),
  servedKind('apps/v1', 'DaemonSet', 'daemonsets'),
  servedKind('batch/v1', 'Job', 'jobs'),
  servedKind('batch/v1', 'CronJob', 'cronjobs'),
  servedKind('networking.k8s.io/v1', 'Ingress', 'ingresses'),
  servedKind('networking.k8s.io/v1', 'IngressClass', 'ingressclasses', false),
  servedKind('networking.k8s.io/v1', 'NetworkPolicy', 'networkpolicies'),
  servedKind('storage.k8s.io/v1', 'StorageClass', 'storageclasses', false),
  servedKind('scheduling.k8s.io/v1', 'PriorityClass', 'priorityclasses', false),
  servedKind('node.k8s.io/v1', 'RuntimeClass', 'runtimeclasses', false),
  servedKind('policy/v1', 'PodDisruptionBudget', 'poddisruptionbudgets'),
  servedKind('autoscaling/v2', 'HorizontalPodAutoscaler', 'horizontalpodautoscalers'),
  servedKind('rbac.authorization.k8s.io/v1', 'ClusterRole', 'clusterroles', false),
  servedKind('rbac.authorization.k8s.io/v1', 'ClusterRoleBinding', 'clusterrolebindings', false),
  servedKind('rbac.authorization.k8s.io/v1', 'Role', 'roles'),
  servedKind('rbac.authorization.k8s.io/v1', 'RoleBinding', 'rolebindings'),
  servedKind('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'customresourcedefinitions', false),
  servedKind('apiregistration.k8s.io/v1', 'APIService', 'apiservices', false),
  servedKind(
    'admissionregistration.k8s.io/v1',
    'ValidatingWebhookConfiguration',
    'validatingwebhookconfigurations',
    false,
  ),
  servedKind(
    'admissionregistration.k8s.io/v1',
    'MutatingWebhookConfiguration',
    'mutatingwebhookconfigurations',
    false,
  ),
  servedKind('coordination.k8s.io/v1', 'Lease', 'leases'),
];

interface DefinitionSpec {
  readonly group: string;
  readonly scope: string;
  readonly names: { readonly kind: string; readonly plural: string };
  readonly versions: readonly { readonly name: string; readonly served: boolean }[];
}

/** The kinds that a CustomResourceDefinition makes the server serve. */
export const kindsOfDefinition = ({ kind, ...rest }: KubeObject): readonly KubeResource[] => {
  if (kind !== 'CustomResourceDefinition') return [];
  const { group, scope, names, versions } = rest['spec'] as DefinitionSpec;
  return versions
    .filter(({ served }) => served)
    .map(({ name }, index) => ({
      ...servedKind(`${group}/${name}`, names.kind, names.plural, scope === 'Namespaced'),
      preferred: index === 0,
    }));
};
