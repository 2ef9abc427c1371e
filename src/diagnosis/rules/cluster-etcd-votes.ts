import type { ClusterFacts } from '../../facts/cluster/cluster-facts.js';
import type { Told } from '../cluster.js';
import { nodesIn, toldFinding } from '../cluster.js';
import { manual } from '../compose.js';
import { defineRule } from '../rule.js';

const ready = ({ conditions }: ClusterFacts['nodes'][number]): boolean =>
  conditions.some(({ type, status }) => type === 'Ready' && status === 'True');

const look = ({ nodes }: ClusterFacts): Told[] => {
  const members = nodes.filter(({ etcd }) => etcd !== undefined);
  const voters = members.filter(({ etcd }) => etcd === 'voter');
  const healthy = voters.filter(ready).length;
  const needed = Math.floor(voters.length / 2) + 1;
  if (members.length === voters.length && (healthy > needed || voters.length <= 1)) return [];
  if (members.length === voters.length && healthy === voters.length && voters.length % 2 === 1) return [];
  return members.map((node) => ({
    node: node.name,
    part: 'nodes',
    text: `${node.name}: ${node.etcd ?? ''} of etcd, ${ready(node) ? 'Ready' : 'not Ready'}`,
  }));
};

export const clusterEtcdVotes = defineRule({
  code: 'cluster-etcd-votes',
  title: 'etcd cannot lose a member without losing its quorum',
  severity: 'warning',
  reads: ['cluster'],
  explain: `etcd takes writes while a majority of its registered voters lives, reachable or not: ⌊voters/2⌋+1. Two voters stand less than one, an even number no more than the odd one below it, and a learner has no vote but stands in the way of every further change.`,
  source: 'https://etcd.io/docs/v3.6/faq/',
  check: (context) =>
    toldFinding(context, look, (told) => ({
      title: `etcd cannot lose any of its ${nodesIn(told).length} members`,
      cause: 'A member is away or still learns, or their number is even.',
      fix: manual('bring the missing server back, or take it out and let another one join'),
    })),
});
