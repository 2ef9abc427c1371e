import { overlaps } from '../../core/cidr.js';
import { clusterRanges } from '../ranges.js';
import { defineSpecRule } from '../rule.js';

export const rangesOverlap = defineSpecRule({
  code: 'ranges-overlap',
  title: 'Nodes, pods and Services share addresses',
  severity: 'error',
  explain: `Nodes, pods and Services each need addresses of their own. When two ranges share some, packets to a node vanish
in the cluster network: SSH and the API die minutes after the network is installed. Cilium's own default for pods,
10.0.0.0/8, does this to every cluster whose nodes are in 10.x.x.x.

Choose ranges apart, for instance nodes 10.0.0.0/24, pods 10.42.0.0/16, Services 10.43.0.0/16. They cannot be changed
on a living cluster.`,
  source: 'https://github.com/cilium/cilium/issues/42383',
  reads: ['network'],
  check: ({ network }, { at }) => {
    const ranges = clusterRanges(network);
    return ranges.flatMap((a, index) =>
      ranges
        .slice(index + 1)
        .filter((b) => overlaps(a.cidr, b.cidr))
        .map((b) => ({
          message: `the ranges of ${a.name} and ${b.name} overlap`,
          location: at(b.path),
          label: `shares addresses with ${a.text}`,
          cause: `${a.name} have ${a.text}, ${b.name} have ${b.text}`,
          hint: 'choose ranges apart, for instance 10.42.0.0/16 for pods and 10.43.0.0/16 for Services',
        })),
    );
  },
});
