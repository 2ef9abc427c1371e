import { describe, expect, it } from 'vitest';
import type { NodeFacts } from '../../src/facts/cluster/cluster-facts.js';
import { guardSchema } from '../../src/plan/model.js';
import { pairsGuard } from '../../src/plan/pairs-guard.js';
import { guardOf } from '../../src/steps/guards/catalogue.js';
import type { World } from '../../src/steps/step.js';
import { clusterOf, type SpecChange } from '../diagnosis/fixtures/cluster.js';
import { clusterFacts } from '../support/cluster-facts.js';

const cluster = (change: SpecChange = {}) => clusterOf({ hosts: 3, servers: 1 }, change);
const names = cluster().hosts.map(({ name }) => name);

const worldOf = (...nodes: readonly string[]): World => ({
  hosts: new Map(),
  cluster: clusterFacts({ nodes: nodes.map((name) => ({ name }) as NodeFacts) }),
});

const guardFor = (change: SpecChange = {}, world = worldOf(...names)) => {
  const spec = cluster(change);
  const { budget } = spec.spec.network.change;
  return pairsGuard({ cluster: spec, world, during: ['x'], budget });
};

describe('the guard of a change of network', () => {
  it('watches all nodes with the budget of the spec', () => {
    const budget = { longest: '5s', total: '20s', onBreach: 'rollback' };
    const guard = guardFor({ network: { change: { budget } } });
    expect(guardSchema.parse(guard)).toMatchObject({
      kind: 'network.pairs',
      hosts: [...names].sort(),
      during: ['x'],
      budget: { longestMs: 5_000, totalMs: 20_000 },
      onBreach: 'rollback',
    });
    expect(guard.params).toMatchObject({
      everyMs: 200,
      image: 'docker.io/rancher/mirrored-library-busybox:1.37.0',
      services: { dns: '10.43.0.10', name: 'kubernetes.default.svc.cluster.local', out: null },
    });
    expect(guard.title).toBe('pods of all 3 nodes reach each other, Services and DNS');
    expect(guardOf(guard.kind)).toBeDefined();
  });

  it('asks from pods of the image that verifications use, too', () => {
    const guard = guardFor({ spec: { acceptance: { image: 'registry.example/probe:1' } } });
    expect(guard.params).toMatchObject({ image: 'registry.example/probe:1' });
  });

  it('leaves out hosts that are no nodes yet', () => {
    expect(guardFor({}, worldOf(names[0] ?? '')).hosts).toEqual([names[0]]);
  });

  it.each([
    ['https://shop.example', { host: 'shop.example', port: 443 }],
    ['http://10.0.0.9/health', { host: '10.0.0.9', port: 80 }],
    ['https://shop.example:8443/x', { host: 'shop.example', port: 8443 }],
  ])('asks outside what pods shall reach: %s', (url, out) => {
    const spec = { acceptance: { urls: [{ url: 'http://not.for.pods', from: ['outside'] }, { url }] } };
    expect(guardFor({ spec }).params).toMatchObject({ services: { out } });
  });
});
