import type { KubeObject } from '../core/ports/kube.js';
import { valueAt } from '../spec/path.js';
import { type CheckResult, fail, passIf } from './check.js';
import { condition, list, text } from './objects.js';

/** The cluster network that the spec asks for. */
export interface WantedNetwork {
  readonly name: string;
  /** Words of the spec: vxlan, host-gw, wireguard, ipip, tunnel, native … */
  readonly mode: string | undefined;
}

const FLANNEL = 'flannel.alpha.coreos.com';

const addressesOf = (node: KubeObject): string[] =>
  list(node, 'status', 'addresses').map((entry) => text(entry, 'address'));

/** Why Flannel did not set a node up; empty when it did. */
const flannelProblem = (node: KubeObject, mode: string | undefined): string => {
  const annotations = node.metadata.annotations ?? {};
  const backend = annotations[`${FLANNEL}/backend-type`];
  if (backend === undefined) return 'Flannel has not set the node up';
  if (mode !== undefined && backend !== mode) return `Flannel runs ${backend}, wanted ${mode}`;
  const address = annotations[`${FLANNEL}/public-ip`] ?? '';
  return addressesOf(node).includes(address)
    ? ''
    : `Flannel's tunnel ends at ${address || 'no address'}, which is none of the node's`;
};

const problemOf = (node: KubeObject, wanted: WantedNetwork): string => {
  const unavailable = condition(node, 'NetworkUnavailable');
  if (unavailable.status === 'True') return unavailable.detail;
  if (text(node, 'spec', 'podCIDR') === '' && wanted.name === 'flannel') return 'the node has no pod range';
  return wanted.name === 'flannel' ? flannelProblem(node, wanted.mode) : '';
};

/** Every node says that its network is up, and Flannel set it up in the mode that the spec asks for. Pure. */
export const checkNodeNetwork = (nodes: readonly KubeObject[], wanted: WantedNetwork): CheckResult[] =>
  nodes.map((node) => {
    const problem = problemOf(node, wanted);
    const range = text(node, 'spec', 'podCIDR');
    return passIf(problem === '', {
      check: 'cni-node',
      title: 'The cluster network is set up on every node',
      node: node.metadata.name,
      detail: problem === '' ? [wanted.name, wanted.mode, range].filter(Boolean).join(', ') : problem,
    });
  });

const AGENTS: Readonly<Record<string, string>> = {
  calico: 'calico-node',
  cilium: 'cilium',
  lab: 'labnet',
};

/** Networks that run as a DaemonSet have their pod ready on every node; Flannel is a part of K3s. Pure. */
export const checkNetworkAgents = (
  daemonSets: readonly KubeObject[],
  wanted: WantedNetwork,
): CheckResult[] => {
  const name = AGENTS[wanted.name];
  if (name === undefined) return [];
  const part = { check: 'cni-agents', title: `${name} is ready on every node` };
  const found = daemonSets.find(({ metadata }) => metadata.name === name);
  if (found === undefined) return [fail({ ...part, detail: `there is no DaemonSet ${name}` })];
  const ready = Number(valueAt(found, ['status', 'numberReady']) ?? 0);
  const desired = Number(valueAt(found, ['status', 'desiredNumberScheduled']) ?? 0);
  return [passIf(desired > 0 && ready >= desired, { ...part, detail: `${ready} of ${desired} ready` })];
};
