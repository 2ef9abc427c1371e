import type { ClusterFacts } from '../../facts/cluster/cluster-facts.js';
import { type Told, toldFinding } from '../cluster.js';
import { manual, named } from '../compose.js';
import { defineRule } from '../rule.js';

const look = ({ budgets }: ClusterFacts): Told[] =>
  budgets
    .filter(({ allowed, expected }) => allowed === 0 && expected > 0)
    .map(({ namespace, name, healthy, desired }) => ({
      part: 'budgets',
      text: `${namespace}/${name}: ${healthy} healthy, ${desired} must stay`,
    }));

export const clusterBudgetBlocks = defineRule({
  code: 'cluster-budget-blocks',
  title: 'Disruption budgets let no pod go',
  severity: 'info',
  reads: ['cluster'],
  explain: `A PodDisruptionBudget that allows no disruption stops every drain, and with it upgrades and the removal of nodes. Usual causes: one replica with \`minAvailable: 1\`, or pods that are not healthy already.`,
  source: 'https://kubernetes.io/docs/tasks/run-application/configure-pdb/',
  check: (context) =>
    toldFinding(context, look, (told) => ({
      title: `No pod may be moved by ${named(told.map(({ text }) => text.split(':')[0] ?? text))}`,
      cause: 'As many pods are healthy as must stay, so that none may go.',
      fix: manual('add a replica, or let the budget allow one: maxUnavailable: 1'),
    })),
});
