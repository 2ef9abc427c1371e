import { allHosts, isServer } from '../access.js';
import { manual } from '../compose.js';
import { grids } from '../paths/grid.js';
import { defineRule } from '../rule.js';
import { slowPaths } from '../shapes/slow-paths.js';

const LIMIT_US = 10_000;

export const latencyHigh = defineRule({
  code: 'latency-high',
  title: 'Servers are far from each other',
  severity: 'warning',
  reads: ['probe:latency'],
  explain: `etcd writes nothing before a majority has answered, and elects a new leader when heartbeats (100 ms) stay out. Servers belong into one region, with round trips below 10 ms; beyond that every change in the cluster waits,
and leaders change under load.`,
  source: 'https://etcd.io/docs/v3.5/tuning/',
  check: (context) => {
    const servers = new Set(
      allHosts(context)
        .filter(isServer)
        .map(({ name }) => name),
    );
    return grids(context, 'latency').flatMap(({ matrix }) => {
      const slow = slowPaths({
        matrix,
        hosts: servers,
        bad: (us) => us > LIMIT_US,
        show: (us) => `round trip ${(us / 1000).toFixed(1)} ms`,
      });
      if (slow === undefined) return [];
      const { paths, ...parts } = slow;
      return [
        {
          ...parts,
          title: `A round trip between servers takes more than 10 ms ${paths}`,
          cause: 'The servers stand in different places, or the path between them is congested.',
          fix: manual(
            'keep all servers in one region; if that cannot be, raise etcd heartbeat-interval and election-timeout (etcd-arg)',
          ),
        },
      ];
    });
  },
});
