import { expect, it } from 'vitest';
import { checkNodes, readyNodes, type WantedNode } from '../../src/verify/nodes.js';
import { node } from './fake-kube.js';

const server: WantedNode = { name: 'a', role: 'server', version: 'v1.36.4+k3s1' };
const agent: WantedNode = { name: 'b', role: 'agent', version: 'v1.36.4+k3s1' };
const voter = { Ready: 'True', EtcdIsVoter: 'True' };

const failures = (wanted: readonly WantedNode[], nodes: Parameters<typeof checkNodes>[1]) =>
  checkNodes(wanted, nodes)
    .filter(({ status }) => status === 'fail')
    .map(({ check, node: name, detail }) => [check, name, detail]);

it('passes nodes that are Ready at their version, servers with a vote', () => {
  const results = checkNodes([server, agent], [node('a', { conditions: voter }), node('b')]);
  expect(results.map(({ check, node: name, status }) => [check, name, status])).toEqual([
    ['node-ready', 'a', 'pass'],
    ['node-version', 'a', 'pass'],
    ['etcd-voter', 'a', 'pass'],
    ['node-ready', 'b', 'pass'],
    ['node-version', 'b', 'pass'],
  ]);
});

it('fails a learner, another version, a node that is away, one that is missing and one that nobody asked for', () => {
  const learner = node('a', { conditions: { Ready: 'True', EtcdIsVoter: 'False' } });
  const old = node('b', { version: 'v1.35.1+k3s1', conditions: { Ready: 'Unknown' } });
  expect(failures([server, agent, { ...agent, name: 'c' }], [learner, old, node('d')])).toEqual([
    ['etcd-voter', 'a', 'Broken'],
    ['node-ready', 'b', 'Broken'],
    ['node-version', 'b', 'v1.35.1+k3s1, wanted v1.36.4+k3s1'],
    ['node-ready', 'c', 'there is no such node'],
    ['node-wanted', 'd', 'the spec has no host of this name'],
  ]);
});

it('makes probes on Ready nodes only', () => {
  expect(readyNodes([node('a'), node('b', { conditions: { Ready: 'Unknown' } })])).toEqual(['a']);
});
