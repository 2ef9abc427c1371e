import { stringify } from 'yaml';
import { HOST_INTERFACE } from '../names.js';
import type { LabPlan } from '../state/schema.js';
import type { ClusterPlan } from './plan.js';

type Host = LabPlan['hosts'][number];

/** The member that founds the cluster: the first server of the spec. */
export const founderOf = (plan: LabPlan): Host | undefined =>
  plan.hosts.find(({ role }) => role === 'server');

export const membersOf = (plan: LabPlan): readonly Host[] =>
  plan.hosts.filter(({ role }) => role !== 'external');

const serverKeys = (plan: LabPlan, cluster: ClusterPlan): object => ({
  'cluster-cidr': cluster.pods,
  'service-cidr': cluster.services,
  'cluster-dns': cluster.dns,
  'cluster-domain': cluster.domain,
  'flannel-backend': cluster.backend,
  'https-listen-port': cluster.port,
  disable: cluster.disable,
  // etcd lets nobody in for five seconds after somebody joined; all servers of a new lab come at once.
  'etcd-arg': ['strict-reconfig-check=false'],
  'tls-san': [
    ...cluster.names,
    ...plan.hosts.filter(({ role }) => role === 'server').flatMap(({ name, address }) => [name, address]),
  ],
  ...(cluster.nodeMask === 24
    ? {}
    : { 'kube-controller-manager-arg': [`node-cidr-mask-size=${cluster.nodeMask}`] }),
});

/** /etc/rancher/k3s/config.yaml of one member. Pure. */
export const memberConfig = (
  plan: LabPlan,
  host: Host,
  given: { readonly cluster: ClusterPlan; readonly token: string },
): string => {
  const founder = founderOf(plan);
  const { cluster, token } = given;
  return stringify({
    ...(host.name === founder?.name
      ? { 'cluster-init': true }
      : { server: `https://${founder?.address ?? ''}:${cluster.port}` }),
    token,
    'node-name': host.name,
    'node-ip': host.address,
    'flannel-iface': HOST_INTERFACE,
    ...(cluster.maxPods === 110 ? {} : { 'kubelet-arg': [`max-pods=${cluster.maxPods}`] }),
    ...(host.role === 'server' ? serverKeys(plan, cluster) : {}),
  });
};
