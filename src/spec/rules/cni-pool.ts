import { cidrSize, contains, formatCidr, parseAddress, parseCidr } from '../../core/cidr.js';
import { count } from '../../core/text.js';
import { defineSpecRule, type Problem } from '../rule.js';
import type { ClusterSpec } from '../schema/cluster.js';

type Network = ClusterSpec['network'];
type Wrong = Pick<Problem, 'message' | 'label' | 'cause' | 'hint'>;

/** Networks that use the ranges which Kubernetes gives to nodes, or nothing at all. */
const WITHOUT_POOL: readonly Network['cni']['name'][] = ['flannel', 'none'];

/** The smallest block that the networks cut out of a pool for a node. */
const BLOCK = 64n;

const misplaced = ({ pods }: Network, text: string): Wrong | undefined => {
  const pool = parseCidr(text);
  const range = parseCidr(pods);
  if (pool === undefined || range === undefined) return undefined;
  if (parseAddress(text.split('/')[0] ?? '')?.value !== pool.network)
    return { message: 'the pool does not start at its first address', label: `write ${formatCidr(pool)}` };
  if (contains(range, pool)) return undefined;
  return {
    message: 'the pool of the cluster network lies outside the range of the pods',
    cause: `pods have ${pods}: kube-proxy takes everything else for a stranger and hides its address`,
    hint: 'choose a part of network.pods, for instance its upper half',
  };
};

const small = (text: string, members: number): Wrong | undefined => {
  const pool = parseCidr(text);
  if (pool?.family !== 4 || cidrSize(pool) >= BLOCK * BigInt(members)) return undefined;
  return {
    message: `the pool has ${cidrSize(pool)} addresses for ${count(members, 'node')}`,
    cause: `each node takes blocks of ${BLOCK}`,
    hint: 'choose a larger part of network.pods',
  };
};

export const cniPool = defineSpecRule({
  code: 'cni-pool',
  title: 'The pool of the cluster network cannot be used',
  severity: 'error',
  explain: `Calico and Cilium cut blocks for nodes out of a pool. It must be a part of \`network.pods\`: kube-proxy masquerades traffic to
Services that comes from anywhere else, and NetworkPolicies then see addresses of nodes. It must hold a block for every
node. Flannel has no pool: it uses the ranges that Kubernetes gives to nodes.

Leave it out and Drover takes all of \`network.pods\` on a new cluster, and its upper half beside a network that runs.`,
  source: 'https://docs.tigera.io/calico/latest/networking/ipam/migrate-pools',
  reads: ['network', 'hosts'],
  check: ({ network, hosts }, { at }) => {
    const { name, pool } = network.cni;
    if (pool === undefined) return [];
    const location = at(['spec', 'network', 'cni', 'pool']);
    if (WITHOUT_POOL.includes(name))
      return [
        {
          message: name === 'none' ? 'without a network there is no pool' : `${name} has no pool of its own`,
          location,
          hint: 'take cni.pool out, or name a network that has one',
        },
      ];
    const members = hosts.filter(({ role }) => role !== 'external').length;
    const wrong = misplaced(network, pool) ?? small(pool, members);
    return wrong === undefined ? [] : [{ ...wrong, location }];
  },
});
