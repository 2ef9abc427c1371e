import type { ClusterFacts } from '../../src/facts/cluster/cluster-facts.js';

/** Facts of a cluster in which nothing is, but for what is given. */
export const clusterFacts = (part: Partial<ClusterFacts> = {}): ClusterFacts => ({
  at: '',
  uid: 'c',
  server: '',
  version: '',
  nodes: [],
  workloads: [],
  classes: [],
  volumes: [],
  budgets: [],
  certificates: [],
  missing: [],
  ...part,
});
