import { manual } from '../compose.js';
import { grid } from '../paths/grid.js';
import { lossEvidence, lossOf, lossPairs } from '../paths/loss.js';
import { defineRule } from '../rule.js';

export const networkShapeDiffers = defineRule({
  code: 'network-shape-differs',
  title: "The network's shape is not the one in the spec",
  severity: 'warning',
  reads: ['probe:adjacency', 'spec'],
  explain: `\`spec.network.provider.shape\` says \`switched\` (one segment, layer 2) or \`routed\` (a gateway between all hosts, layer 3), and the measurement says otherwise. The verdicts follow the measurement; correct the spec, so that the
lab and later plans do too.`,
  check: (context) => {
    const shape = context.cluster?.spec.network.provider?.shape;
    const adjacency = grid(context, 'adjacency');
    if (shape === undefined || adjacency === undefined) return [];
    const odd = shape === 'switched' ? '-' : '+';
    const loss = lossOf(adjacency, { lost: (cell) => cell === odd });
    if (loss === undefined) return [];
    const found = shape === 'switched' ? 'routed' : 'switched';
    return [
      {
        title: `The spec calls the network ${shape}, but it is ${found} on ${loss.lost.length} of ${loss.considered} paths`,
        hosts: [...loss.culprits],
        pairs: lossPairs(loss),
        evidence: [lossEvidence(loss, found === 'routed' ? 'behind a gateway' : 'on one segment')],
        cause: 'The spec was written from memory, or the provider changed the network.',
        fix: manual(`set spec.network.provider.shape: ${found}`),
      },
    ];
  },
});
