import type { LabPlan } from '../../src/lab/state/schema.js';
import type { Cluster, ClusterHost } from '../../src/spec/cluster.js';
import { addonsSchema } from '../../src/spec/schema/addons.js';
import { apiSchema } from '../../src/spec/schema/api.js';
import { distributionSchema } from '../../src/spec/schema/distribution.js';
import { networkSchema } from '../../src/spec/schema/network.js';

export const specHost = (
  name: string,
  address: string,
  role: ClusterHost['role'] = 'agent',
): ClusterHost => ({
  name,
  address,
  role,
  labels: {},
  taints: [],
  extra: {},
});

/** The part of a loaded spec that a lab is planned from. */
export const specOf = (
  hosts: readonly ClusterHost[],
  change: { readonly nodes?: string; readonly resolvers?: readonly string[]; readonly lab?: object } = {},
): Cluster =>
  ({
    name: 'shop',
    file: '/home/user/drover.yaml',
    hash: 'abc',
    hosts,
    locate: () => undefined,
    spec: {
      ssh: { sudo: false },
      network: networkSchema.parse({ nodes: change.nodes ?? '10.0.0.0/24' }),
      distribution: distributionSchema.parse({ kind: 'k3s' }),
      api: apiSchema.parse({}),
      addons: addonsSchema.parse({}),
      preparation: change.resolvers === undefined ? {} : { resolvers: { servers: change.resolvers } },
      lab: { network: 'switched', external: [], resources: {}, ...change.lab },
    },
  }) as unknown as Cluster;

export const planOf = (change: Partial<LabPlan> = {}): LabPlan => ({
  name: 'shop',
  network: 'switched',
  nodes: '10.0.0.0/24',
  providerRange: '10.0.0.0/16',
  gateway: '10.0.0.1',
  resolvers: ['1.1.1.1', '8.8.8.8'],
  hosts: [
    { name: 'server-1', address: '10.0.0.11', role: 'server', user: 'root', port: 22 },
    { name: 'agent-1', address: '10.0.0.21', role: 'agent', user: 'ubuntu', port: 2222 },
  ],
  ...change,
});
