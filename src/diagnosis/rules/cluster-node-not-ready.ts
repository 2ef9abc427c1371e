import { nodesIn, perNode, toldFinding } from '../cluster.js';
import { manual, named } from '../compose.js';
import { defineRule } from '../rule.js';

export const clusterNodeNotReady = defineRule({
  code: 'cluster-node-not-ready',
  title: 'Nodes of the cluster are not Ready',
  severity: 'error',
  reads: ['cluster'],
  explain: `A node is Ready while its kubelet reports and its network plugin works. \`Unknown\` means that nothing was heard for 40 s: the host is off, K3s does not run there, or the way to the API is cut. \`False\` comes with the kubelet's own reason. Five minutes later its pods are started elsewhere.`,
  source: 'https://kubernetes.io/docs/reference/node/node-status/',
  check: (context) =>
    toldFinding(
      context,
      perNode((node) => {
        const ready = node.conditions.find(({ type }) => type === 'Ready');
        return ready?.status === 'True'
          ? undefined
          : `Ready is ${ready?.status ?? 'absent'}: ${ready?.reason ?? ''} ${ready?.message ?? ''}`.trim();
      }),
      (told) => ({
        title: `${named(nodesIn(told))} ${nodesIn(told).length === 1 ? 'is' : 'are'} not Ready`,
        cause: 'The kubelet does not report, or it says itself what is missing.',
        fix: manual('look at the host: drover doctor root@ADDRESS, then journalctl -u k3s -u k3s-agent'),
      }),
    ),
});
