import type { ClusterFacts } from '../../facts/cluster/cluster-facts.js';
import { targetInLab } from '../../lab/realm.js';
import type { Plan } from '../../plan/model.js';
import { type Cluster, isMember, targetOf } from '../../spec/cluster.js';
import { k3sRemoveNode } from '../../steps/k3s/remove-node.js';
import type { DoctorHost, Subject } from '../doctor/subject.js';

interface Place {
  readonly name: string;
  readonly address: string;
}

/** How a host is reached that is no member any more: by the spec when it still knows it, else by the node's address. */
const hostAt = (cluster: Cluster, realm: string, { name, address }: Place): DoctorHost => {
  const known = cluster.hosts.find((host) => host.name === name);
  const { ssh } = cluster.spec;
  const target =
    known === undefined
      ? { name, address, sudo: ssh.sudo, ...(ssh.user === undefined ? {} : { user: ssh.user }) }
      : targetOf(cluster, known);
  return { role: 'unknown', target: realm.startsWith('lab/') ? targetInLab(target) : target };
};

/** Hosts of nodes that the spec does not have any more. */
export const leavingHosts = (
  cluster: Cluster,
  realm: string,
  facts: ClusterFacts | undefined,
): DoctorHost[] => {
  const members = new Set(cluster.hosts.filter(isMember).map(({ name }) => name));
  return (facts?.nodes ?? [])
    .filter(({ name }) => !members.has(name))
    .map(({ name, address = name }) => hostAt(cluster, realm, { name, address }));
};

/** The same hosts as a saved plan names them. */
const leavingInPlan = (cluster: Cluster, realm: string, plan: Plan): DoctorHost[] => {
  const members = new Set(cluster.hosts.filter(isMember).map(({ name }) => name));
  return plan.stages
    .flatMap(({ actions }) => actions)
    .filter(({ step, host }) => step === k3sRemoveNode.id && host !== undefined && !members.has(host))
    .map(({ host = '', params }) =>
      hostAt(cluster, realm, { name: host, address: (params as unknown as Place).address }),
    );
};

/** Hosts of the spec, and those that leave it by this plan. */
export const hostsOfPlan = ({ hosts, cluster }: Subject, plan: Plan, realm: string): readonly DoctorHost[] =>
  cluster === undefined ? hosts : [...hosts, ...leavingInPlan(cluster, realm, plan)];
