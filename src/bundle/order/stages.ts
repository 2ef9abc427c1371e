import type { KubeObject } from '../../core/ports/kube.js';
import { listOf, mapOf } from '../clean/draft.js';
import { idOf, kindName } from '../model/object-id.js';

/**
 * In which order objects come to life, as far as their kinds tell. What others are made of comes first; what may
 * refuse others (webhooks, policies, quotas of pods) as late as it can.
 */
export const STAGES = [
  'definitions',
  'namespaces',
  'classes',
  'accounts',
  'configuration',
  'roles',
  'bindings',
  'limits',
  'volumes',
  'claims',
  'services',
  'operators',
  'aggregated APIs',
  'custom resources',
  'workloads',
  'scaling and policies',
  'jobs',
  'routes',
  'webhooks',
  'failing webhooks',
] as const;
export type Stage = (typeof STAGES)[number];

const RBAC = 'rbac.authorization.k8s.io';

const BY_KIND: Readonly<Record<string, Stage>> = {
  'CustomResourceDefinition.apiextensions.k8s.io': 'definitions',
  Namespace: 'namespaces',
  'PriorityClass.scheduling.k8s.io': 'classes',
  'StorageClass.storage.k8s.io': 'classes',
  'CSIDriver.storage.k8s.io': 'classes',
  'VolumeAttributesClass.storage.k8s.io': 'classes',
  'VolumeSnapshotClass.snapshot.storage.k8s.io': 'classes',
  'RuntimeClass.node.k8s.io': 'classes',
  'IngressClass.networking.k8s.io': 'classes',
  'GatewayClass.gateway.networking.k8s.io': 'classes',
  ServiceAccount: 'accounts',
  Secret: 'configuration',
  ConfigMap: 'configuration',
  [`ClusterRole.${RBAC}`]: 'roles',
  [`Role.${RBAC}`]: 'roles',
  [`ClusterRoleBinding.${RBAC}`]: 'bindings',
  [`RoleBinding.${RBAC}`]: 'bindings',
  ResourceQuota: 'limits',
  LimitRange: 'limits',
  PersistentVolume: 'volumes',
  PersistentVolumeClaim: 'claims',
  Service: 'services',
  Endpoints: 'services',
  'EndpointSlice.discovery.k8s.io': 'services',
  'APIService.apiregistration.k8s.io': 'aggregated APIs',
  Pod: 'workloads',
  ReplicationController: 'workloads',
  'ReplicaSet.apps': 'workloads',
  'Deployment.apps': 'workloads',
  'StatefulSet.apps': 'workloads',
  'DaemonSet.apps': 'workloads',
  'HorizontalPodAutoscaler.autoscaling': 'scaling and policies',
  'PodDisruptionBudget.policy': 'scaling and policies',
  'NetworkPolicy.networking.k8s.io': 'scaling and policies',
  'Job.batch': 'jobs',
  'CronJob.batch': 'jobs',
  'Ingress.networking.k8s.io': 'routes',
  'Certificate.cert-manager.io': 'routes',
};

/** Groups of custom resources that lead requests into the cluster. */
const ROUTE_GROUPS = new Set(['gateway.networking.k8s.io']);
const ROUTE_KINDS = /^(IngressRoute(TCP|UDP)?|VirtualService|VirtualServer)$/;

const WEBHOOKS =
  /^(Validating|Mutating)WebhookConfiguration\.admissionregistration\.k8s\.io$|^ValidatingAdmissionPolicy(Binding)?\.admissionregistration\.k8s\.io$/;

/** Refuses what it cannot judge: the API's default. */
const isFailing = (object: KubeObject): boolean => {
  const webhooks = listOf(object['webhooks']);
  const own = webhooks.length > 0 ? webhooks : [mapOf(object['spec'])];
  return own.some((each) => mapOf(each)['failurePolicy'] !== 'Ignore');
};

/** Groups that Kubernetes itself serves; all others are custom. */
export const isCustomGroup = (group: string): boolean =>
  group.includes('.') &&
  (!/(^|\.)k8s\.io$/.test(group) ||
    ['gateway.networking.k8s.io', 'snapshot.storage.k8s.io', 'metrics.k8s.io'].includes(group));

/** The stage of an object by its kind; whether a workload is an operator is not seen here. */
export const stageOf = (object: KubeObject): Stage => {
  const id = idOf(object);
  const name = kindName(id);
  const known = BY_KIND[name];
  if (known !== undefined) return known;
  if (WEBHOOKS.test(name)) return isFailing(object) ? 'failing webhooks' : 'webhooks';
  if (ROUTE_GROUPS.has(id.group) || ROUTE_KINDS.test(id.kind)) return 'routes';
  return isCustomGroup(id.group) ? 'custom resources' : 'scaling and policies';
};

export const rankOf = (stage: Stage): number => STAGES.indexOf(stage);
