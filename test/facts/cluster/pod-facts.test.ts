import { expect, it } from 'vitest';
import { podFacts, podSeen } from '../../../src/facts/cluster/pod-facts.js';

const pod = (name: string, spec: object, owner?: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name,
    namespace: 'shop',
    ...(owner === undefined ? {} : { ownerReferences: [{ kind: 'ReplicaSet', uid: owner }] }),
  },
  spec,
});

it('keeps addresses that stand in settings of pods, and nothing else of these', () => {
  const container = {
    command: ['serve', '--peer=10.42.3.7:8080'],
    env: [{ name: 'PASSWORD', value: 'correct horse' }, { name: 'REF' }, { name: 'DB', value: '10.0.0.9' }],
  };
  const seen = [
    pod('web', { containers: [container], hostAliases: [{ ip: '10.42.4.4', hostnames: ['old'] }] }, 'r1'),
    pod('agent', { hostNetwork: true, initContainers: [{ args: ['127.0.0.1', 'v1.2.3.4'] }] }, 'r2'),
  ].flatMap((each) => podSeen(each as never) ?? []);
  const facts = podFacts(seen);
  expect(facts).toEqual({
    bare: [],
    single: ['shop/web'],
    moving: ['shop/web'],
    literals: ['10.42.3.7', '10.0.0.9', '10.42.4.4'].map((address) => ({ name: 'shop/web', address })),
    onHost: 1,
  });
  expect(JSON.stringify(facts)).not.toContain('horse');
});
