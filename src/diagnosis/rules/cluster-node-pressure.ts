import { nodesIn, perNode, toldFinding } from '../cluster.js';
import { manual, named } from '../compose.js';
import { defineRule } from '../rule.js';

const PRESSURES = ['MemoryPressure', 'DiskPressure', 'PIDPressure', 'NetworkUnavailable'];

export const clusterNodePressure = defineRule({
  code: 'cluster-node-pressure',
  title: 'Nodes run out of memory, disk or processes',
  severity: 'warning',
  reads: ['cluster'],
  explain: `Under pressure a kubelet takes no new pods and evicts running ones, those without requests first. DiskPressure begins when less than 15 % of the images' file system or 10 % of the node's is free; MemoryPressure with less than 100 MiB.`,
  source: 'https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/',
  check: (context) =>
    toldFinding(
      context,
      perNode((node) => {
        const bad = node.conditions.filter(
          ({ type, status }) => PRESSURES.includes(type) && status === 'True',
        );
        return bad.length === 0
          ? undefined
          : bad.map(({ type, message }) => `${type} (${message})`).join(', ');
      }),
      (told) => ({
        title: `Something runs out on ${named(nodesIn(told))}`,
        cause: 'More was placed on the node than it can hold, or something outside the cluster grew.',
        fix: manual(
          'see what grew: df -h, free -m, ps aux --sort=-rss on the host; then make room or add nodes',
        ),
      }),
    ),
});
