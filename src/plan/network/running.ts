import { serverSetting } from '../../facts/cni/in-use.js';
import type { HostFacts } from '../../facts/model/host-facts.js';
import { type Cluster, isMember } from '../../spec/cluster.js';
import { AGENT_TOKEN_FILE, askedNetwork, type K3sNetwork } from '../../steps/k3s/settings.js';
import type { World } from '../../steps/step.js';

/** The facts of the cluster's members, as far as they were seen. */
export const memberFacts = (cluster: Cluster, world: World): readonly HostFacts[] =>
  cluster.hosts.filter(isMember).flatMap(({ name }) => world.hosts.get(name) ?? []);

const isOn = (value: string | undefined): boolean => value === 'true';

/**
 * What K3s of the running servers does about the network. Undefined = no server runs. A value in which servers differ is in
 * the middle of a change: it counts as what the spec wants, because that is where it was going.
 */
export const runningNetwork = (cluster: Cluster, world: World): K3sNetwork | undefined => {
  const hosts = memberFacts(cluster, world);
  const backend = serverSetting(hosts, 'flannel-backend', 'vxlan');
  const policies = serverSetting(hosts, 'disable-network-policy', 'false');
  const proxy = serverSetting(hosts, 'disable-kube-proxy', 'false');
  if (backend === undefined) return undefined;
  const asked = askedNetwork(cluster);
  return {
    backend: backend === 'mixed' ? asked.backend : backend,
    policies: policies === 'mixed' ? asked.policies : !isOn(policies),
    kubeProxy: proxy === 'mixed' ? asked.kubeProxy : !isOn(proxy),
  };
};

/** No server of K3s runs Flannel, or would at its next start. */
export const isReleased = (cluster: Cluster, world: World): boolean => {
  const backend = serverSetting(memberFacts(cluster, world), 'flannel-backend', 'vxlan');
  return backend === undefined || backend === 'none';
};

/** Drover has built K3s on the host, or taken it over: only then are all of its settings Drover's. */
export const isBuiltByDrover = (host: HostFacts | undefined): boolean =>
  host?.sections.files?.value?.[AGENT_TOKEN_FILE] !== undefined;
