import { expect, it } from 'vitest';
import type { KubeObject } from '../../src/core/ports/kube.js';
import { membersOf } from '../../src/verify/members.js';

const node = (name: string, etcd: boolean, conditions: Readonly<Record<string, string>>): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels: etcd ? { 'node-role.kubernetes.io/etcd': 'true' } : {} },
  status: { conditions: Object.entries(conditions).map(([type, status]) => ({ type, status })) },
});

it('counts registered members, tells learners from voters and the healthy from the silent', () => {
  const nodes = [
    node('a', true, { Ready: 'True', EtcdIsVoter: 'True' }),
    node('b', true, { Ready: 'Unknown', EtcdIsVoter: 'True' }),
    node('c', true, { Ready: 'True', EtcdIsVoter: 'False' }),
    node('agent', false, { Ready: 'True' }),
  ];
  expect(membersOf(nodes)).toEqual([
    { name: 'a', learner: false, healthy: true },
    { name: 'b', learner: false, healthy: false },
    { name: 'c', learner: true, healthy: true },
  ]);
});
