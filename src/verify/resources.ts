import type { KubeRef } from '../core/ports/kube.js';

type Resource = KubeRef['resource'];
const core = (plural: string): Resource => ({ group: '', version: 'v1', plural });
const networking = (plural: string): Resource => ({ group: 'networking.k8s.io', version: 'v1', plural });

/** The kinds that verification touches. */
export const NODES = core('nodes');
export const NAMESPACES = core('namespaces');
export const PODS = core('pods');
export const SERVICES = core('services');
export const SERVICE_ACCOUNTS = core('serviceaccounts');
export const CLAIMS = core('persistentvolumeclaims');
export const DEPLOYMENTS: Resource = { group: 'apps', version: 'v1', plural: 'deployments' };
export const DAEMON_SETS: Resource = { group: 'apps', version: 'v1', plural: 'daemonsets' };
export const STORAGE_CLASSES: Resource = { group: 'storage.k8s.io', version: 'v1', plural: 'storageclasses' };
export const INGRESSES = networking('ingresses');
export const INGRESS_CLASSES = networking('ingressclasses');
export const AUTOSCALERS: Resource = {
  group: 'autoscaling',
  version: 'v2',
  plural: 'horizontalpodautoscalers',
};
