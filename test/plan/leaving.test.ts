import { describe, expect, it } from 'vitest';
import type { NodeFacts } from '../../src/facts/cluster/cluster-facts.js';
import type { HostFacts } from '../../src/facts/model/host-facts.js';
import { leavingGoals, leavingOf } from '../../src/plan/leaving.js';
import type { World } from '../../src/steps/step.js';
import { clusterOf } from '../diagnosis/fixtures/cluster.js';
import { clusterFacts } from '../support/cluster-facts.js';

const cluster = clusterOf({ hosts: 2, servers: 1 }, {});
const [member = ''] = cluster.hosts.map(({ name }) => name);

type Found = 'k3s' | 'empty' | 'unseen';

const hostOf = (name: string, found: Found): HostFacts => ({
  name,
  address: '10.0.0.9',
  role: 'unknown',
  contact: { state: 'reached', connectMs: 1 },
  sections:
    found === 'unseen'
      ? {}
      : {
          kubernetes: {
            at: '',
            value: {
              installs: [],
              certificates: [],
              remains: found === 'k3s' ? ['/var/lib/rancher/k3s'] : [],
            },
          },
        },
});

const nodeOf = (name: string, ready: boolean): NodeFacts => ({
  name,
  uid: `uid-${name}`,
  address: '10.0.0.9',
  version: '',
  labels: {},
  taints: [],
  unschedulable: false,
  owned: { labels: [], taints: [] },
  conditions: [{ type: 'Ready', status: ready ? 'True' : 'Unknown', reason: '', message: '' }],
  etcd: 'voter',
});

const wayOf = (name: string, found: Found, ready: boolean): string => {
  const world: World = {
    hosts: new Map([[name, hostOf(name, found)]]),
    cluster: clusterFacts({ uid: '', nodes: [nodeOf(name, ready)] }),
  };
  return leavingOf(cluster, world)[0]?.way ?? 'stays';
};

describe('leavingOf', () => {
  it.each([
    ['a member that runs K3s', member, 'k3s', true, 'stays'],
    ['a member that is slow', member, 'k3s', false, 'stays'],
    ['a member that cannot be reached', member, 'unseen', false, 'stays'],
    ['a member that was made anew', member, 'empty', false, 'lost'],
    ['a host that left the spec', 'gone', 'k3s', true, 'orderly'],
    ['a host that left the spec and is dead', 'gone', 'unseen', false, 'lost'],
    ['a host that left the spec, lives and lets nobody in', 'gone', 'unseen', true, 'unclear'],
  ] as const)('%s', (...[, name, found, ready, way]) => {
    expect(wayOf(name, found, ready)).toBe(way);
  });
});

describe('leavingGoals', () => {
  const leaving = { node: 'gone', uid: 'u', address: '10.0.0.9', server: true };

  it('drains after everybody joined, then removes K3s, then the node', () => {
    const goals = leavingGoals([{ ...leaving, way: 'orderly' }], ['k3s.agent/new']);
    expect(goals.map(({ id, after }) => [id, after])).toEqual([
      ['k3s.drain/gone', ['k3s.agent/new']],
      ['k3s.uninstall/gone', ['k3s.drain/gone']],
      ['k3s.remove-node/gone', ['k3s.uninstall/gone']],
    ]);
  });

  it('takes a lost one out before anybody joins', () => {
    const goals = leavingGoals([{ ...leaving, way: 'lost' }], ['k3s.agent/new']);
    expect(goals.map(({ id, after }) => [id, after])).toEqual([['k3s.remove-node/gone', []]]);
  });
});
