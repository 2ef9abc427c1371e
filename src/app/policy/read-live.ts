import type { Kube, KubeFailure, KubeRef } from '../../core/ports/kube.js';
import { err, ok, type Result } from '../../core/result.js';
import type { PolicyObject } from '../../diagnosis/policy/object.js';

type Kind = KubeRef['resource'] & { readonly kind: string };

const kind = (name: string, group: string, plural: string): Kind => ({
  kind: name,
  group,
  version: 'v1',
  plural,
});

/** What rules look at; objects that others make of these (ReplicaSets, their pods) are left out by their owner. */
const KINDS: readonly Kind[] = [
  kind('Deployment', 'apps', 'deployments'),
  kind('StatefulSet', 'apps', 'statefulsets'),
  kind('DaemonSet', 'apps', 'daemonsets'),
  kind('Job', 'batch', 'jobs'),
  kind('CronJob', 'batch', 'cronjobs'),
  kind('Pod', '', 'pods'),
  kind('Service', '', 'services'),
  kind('ConfigMap', '', 'configmaps'),
  kind('RoleBinding', 'rbac.authorization.k8s.io', 'rolebindings'),
  kind('ClusterRoleBinding', 'rbac.authorization.k8s.io', 'clusterrolebindings'),
];

const listed = async (
  kube: Kube,
  { kind: name, ...resource }: Kind,
  signal: AbortSignal,
): Promise<Result<readonly PolicyObject[], KubeFailure>> => {
  const objects: PolicyObject[] = [];
  for await (const page of kube.list(resource, { signal })) {
    if (!page.ok) return page;
    const apiVersion = resource.group === '' ? resource.version : `${resource.group}/${resource.version}`;
    // Items of a list carry neither kind nor apiVersion of their own.
    objects.push(...page.value.items.map((item) => ({ object: { ...item, apiVersion, kind: name } })));
  }
  return ok(objects);
};

/** Everything in a cluster that the policy judges. */
export const readLive = async (
  kube: Kube,
  signal: AbortSignal,
): Promise<Result<readonly PolicyObject[], KubeFailure>> => {
  const lists = await Promise.all(KINDS.map((one) => listed(kube, one, signal)));
  const objects: PolicyObject[] = [];
  for (const list of lists) {
    if (!list.ok) return err(list.error);
    objects.push(...list.value);
  }
  return ok(objects);
};
