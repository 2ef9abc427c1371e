import type { ClusterFacts } from '../../facts/cluster/cluster-facts.js';
import { type Told, toldFinding } from '../cluster.js';
import { manual } from '../compose.js';
import { defineRule } from '../rule.js';

const look = ({ nodes, version }: ClusterFacts): Told[] => {
  const versions = new Set([version, ...nodes.map((node) => node.version)]);
  if (versions.size <= 1) return [];
  return [
    { part: 'version', text: `API: ${version}` },
    ...nodes.map((node): Told => ({ node: node.name, part: 'nodes', text: `${node.name}: ${node.version}` })),
  ];
};

export const clusterVersionsDiffer = defineRule({
  code: 'cluster-versions-differ',
  title: 'Nodes run different versions of Kubernetes',
  severity: 'warning',
  reads: ['cluster'],
  explain: `A kubelet may be up to three minor versions older than the API, never newer. Different versions are normal while an upgrade runs and a trap when it ended early: the next one may then skip a version for the nodes that were left behind.`,
  source: 'https://kubernetes.io/releases/version-skew-policy/',
  check: (context) =>
    toldFinding(context, look, () => ({
      title: 'The cluster runs more than one version',
      cause: 'An upgrade did not reach every node.',
      fix: manual('finish the upgrade, servers first, one node after the other'),
    })),
});
