import type { ClusterFacts } from '../../facts/cluster/cluster-facts.js';
import { type Told, toldFinding } from '../cluster.js';
import { manual, named } from '../compose.js';
import { defineRule } from '../rule.js';

const look = ({ workloads }: ClusterFacts): Told[] =>
  workloads
    .filter(({ ready, wanted }) => ready < wanted)
    .map(({ kind, namespace, name, ready, wanted }) => ({
      part: 'workloads',
      text: `${kind} ${namespace}/${name}: ${ready} of ${wanted} ready`,
    }));

export const clusterWorkloadUnready = defineRule({
  code: 'cluster-workload-unready',
  title: 'Parts of the cluster itself are not ready',
  severity: 'warning',
  reads: ['cluster'],
  explain: `The network, DNS, metrics and volumes of a cluster are pods themselves: Deployments of \`kube-system\` and DaemonSets on every node. One DaemonSet pod that is not ready is a node without network or storage. Without Prometheus nobody is told of any of it.`,
  check: (context) =>
    toldFinding(context, look, (told) => ({
      title: `Not ready: ${named(told.map(({ text }) => text.split(':')[0] ?? text))}`,
      cause: 'Their pods do not start, crash, or have no node to run on.',
      fix: manual('kubectl -n NAMESPACE get pods -o wide, then kubectl describe the one that is not ready'),
    })),
});
