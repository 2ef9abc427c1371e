import { nodesIn, perNode, toldFinding } from '../cluster.js';
import { manual, named } from '../compose.js';
import { defineRule } from '../rule.js';

export const clusterNodeCordoned = defineRule({
  code: 'cluster-node-cordoned',
  title: 'Nodes take no new pods',
  severity: 'info',
  reads: ['cluster'],
  explain: `A cordoned node keeps its pods, but none is placed there any more. Upgrades and drains that were broken off leave nodes behind like this, and nobody notices until the others are full.`,
  source: 'https://kubernetes.io/docs/concepts/architecture/nodes/#manual-node-administration',
  check: (context) =>
    toldFinding(
      context,
      perNode(({ unschedulable }) => (unschedulable ? 'unschedulable' : undefined)),
      (told) => ({
        title: `${named(nodesIn(told))} ${nodesIn(told).length === 1 ? 'is' : 'are'} cordoned`,
        cause: 'Somebody, or an upgrade that ended early, cordoned it.',
        fix: manual('when nobody works on it any more: kubectl uncordon NODE'),
      }),
    ),
});
