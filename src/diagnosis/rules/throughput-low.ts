import { manual } from '../compose.js';
import { grids } from '../paths/grid.js';
import { defineRule } from '../rule.js';
import { slowPaths } from '../shapes/slow-paths.js';

const LIMIT_MBIT = 50;

export const throughputLow = defineRule({
  code: 'throughput-low',
  title: 'A path between hosts is slow',
  severity: 'warning',
  reads: ['probe:throughput'],
  explain: `One short TCP stream carried less than 50 Mbit/s. Images and volumes will take long; a path that is far slower than the others often has packet loss, a wrong duplex mode, or an MTU problem.`,
  check: (context) =>
    grids(context, 'throughput').flatMap(({ matrix }) => {
      const slow = slowPaths({ matrix, bad: (mbit) => mbit < LIMIT_MBIT, show: (mbit) => `${mbit} Mbit/s` });
      if (slow === undefined) return [];
      const { paths, ...parts } = slow;
      return [
        {
          ...parts,
          title: `Less than ${LIMIT_MBIT} Mbit/s pass ${paths}`,
          cause: 'The path is congested, loses packets, or is limited by the provider.',
          fix: manual(
            'measure by hand in both directions and look for loss: iperf3 -c RECEIVER; ip -s link show INTERFACE',
          ),
        },
      ];
    }),
});
