import { describe, expect, it } from 'vitest';
import type { NodeFacts } from '../../../src/facts/cluster/cluster-facts.js';
import { nodeFacts } from '../../../src/facts/cluster/node-facts.js';
import { k3sNode, taintsAfter } from '../../../src/steps/k3s/node.js';
import type { World } from '../../../src/steps/step.js';
import { clusterFacts } from '../../support/cluster-facts.js';

const SUBJECT = { host: 'agent-1', hosts: ['agent-1'] };
const NONE = { node: 'agent-1', labels: {}, taints: [] };

const node: NodeFacts = nodeFacts({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: {
    name: 'agent-1',
    uid: 'u1',
    labels: { disk: 'fast', zone: 'a' },
    annotations: { 'drover.dev/owned': '{"labels":["disk"],"taints":["heavy:NoSchedule"]}' },
  },
  spec: {
    taints: [
      { key: 'heavy', value: 'yes', effect: 'NoSchedule' },
      { key: 'somebody', effect: 'NoExecute' },
    ],
  },
  status: { conditions: [{ type: 'Ready', status: 'True' }] },
});

const worldOf = (...nodes: readonly NodeFacts[]): World => ({
  hosts: new Map(),
  cluster: clusterFacts({ nodes: [...nodes] }),
});

const changes = (params: Parameters<typeof k3sNode.diff>[1], world: World) =>
  k3sNode.diff(k3sNode.observe(world, SUBJECT, params), params);

describe('k3s.node', () => {
  it('has nothing to do where labels and taints are as wanted', () => {
    const taints = [{ key: 'heavy', value: 'yes', effect: 'NoSchedule' }];
    expect(changes({ node: 'agent-1', labels: { disk: 'fast' }, taints }, worldOf(node))).toEqual([]);
  });

  it('shows what comes, changes and goes; what others set stays', () => {
    const wanted = { node: 'agent-1', labels: { disk: 'slow', 'drover.dev/purpose': 'ai' }, taints: [] };
    expect(changes(wanted, worldOf(node))).toEqual([
      { kind: 'change', what: 'label disk', before: 'fast', after: 'slow' },
      { kind: 'add', what: 'label drover.dev/purpose', after: 'ai' },
      { kind: 'remove', what: 'taint heavy:NoSchedule' },
    ]);
    expect(changes(NONE, worldOf(node)).map(({ what }) => what)).toEqual([
      'label disk',
      'taint heavy:NoSchedule',
    ]);
  });

  it('keeps the taints of others', () => {
    const state = k3sNode.observe(worldOf(node), SUBJECT, NONE);
    if (state === undefined) throw new Error('nothing observed');
    expect(taintsAfter(state, NONE)).toEqual([{ key: 'somebody', value: '', effect: 'NoExecute' }]);
  });

  it('knows nothing without an API, and plans what is wanted before the node is there', () => {
    const wanted = { node: 'agent-1', labels: { disk: 'fast' }, taints: [] };
    expect(k3sNode.observe({ hosts: new Map() }, SUBJECT, wanted)).toBeUndefined();
    expect(changes(wanted, worldOf())).toEqual([{ kind: 'add', what: 'label disk', after: 'fast' }]);
  });
});
