/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-call -- drafts of specs have no type */
import { describe, expect, it } from 'vitest';
import { balancerGoals } from '../../src/plan/balancer-goals.js';
import type { Cluster } from '../../src/spec/cluster.js';
import { haproxyConfig } from '../../src/steps/balancer/haproxy-config.js';
import type { World } from '../../src/steps/step.js';
import { type Loose, load, specWith } from '../spec/rig.js';

const loaded = async (manage: boolean): Promise<Cluster> => {
  const outcome = await load(
    specWith((s: Loose) => {
      s.hosts.push({ name: 'lb', address: '10.0.0.10', role: 'external' });
      const listeners = [
        { name: 'api', port: 6443, backends: 'servers' },
        { name: 'web', port: 443, backends: 'agents' },
      ];
      s.loadBalancers = [
        { name: 'front', scope: 'internal', provider: 'haproxy', host: 'lb', manage, listeners },
      ];
    }),
  );
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.error));
  return outcome.value;
};

const worldWith = (...hosts: readonly string[]): World =>
  ({ hosts: new Map(hosts.map((name) => [name, { name, sections: {} }])) }) as unknown as World;

describe('a load balancer of the spec', () => {
  it('is configured on its host only where the spec asks for it', async () => {
    const cluster = await loaded(true);
    const [balancer] = cluster.spec.loadBalancers;
    if (balancer === undefined) throw new Error('no balancer');
    expect(balancerGoals(cluster, worldWith('s1', 'lb'))).toMatchObject([
      {
        id: 'haproxy.config/lb',
        host: 'lb',
        params: {
          balancer: 'front',
          config: haproxyConfig(cluster, balancer),
          listeners: ['10.0.0.10:6443', '10.0.0.10:443'],
        },
      },
    ]);
    expect(balancerGoals(await loaded(false), worldWith('s1', 'lb'))).toEqual([]);
  });

  it('is left out where a lab has no such host', async () => {
    expect(balancerGoals(await loaded(true), worldWith('s1'))).toEqual([]);
  });
});
