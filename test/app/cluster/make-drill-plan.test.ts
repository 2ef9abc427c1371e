import { describe, expect, it } from 'vitest';
import { objection } from '../../../src/app/cluster/make-drill-plan.js';
import type { ClusterFacts } from '../../../src/facts/cluster/cluster-facts.js';

type Shape = readonly [name: string, etcd: 'voter' | 'learner' | undefined, ready?: boolean];

const seen = (...nodes: readonly Shape[]): ClusterFacts =>
  ({
    nodes: nodes.map(([name, etcd, ready = true]) => ({
      name,
      ...(etcd === undefined ? {} : { etcd }),
      taints: [],
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'Unknown' }],
    })),
  }) as unknown as ClusterFacts;

const S1: Shape = ['s1', 'voter'];
const S2: Shape = ['s2', 'voter'];
const S3: Shape = ['s3', 'voter'];
const AGENT: Shape = ['a1', undefined];
const off = ([name, etcd]: Shape): Shape => [name, etcd, false];

describe('the loss of a node', () => {
  it('is drilled where the others bear it', () => {
    expect(objection('s2', seen(S1, S2, S3))).toBeUndefined();
    expect(objection('a1', seen(S1, AGENT))).toBeUndefined();
    expect(objection('a1', seen(S1, S2, off(S3), AGENT))).toBeUndefined();
  });

  it('is refused where somebody has told the cluster that the node is off, with the way to take that back', () => {
    const facts = seen(S1, AGENT);
    const [first, agent] = facts.nodes;
    const taints = [{ key: 'node.kubernetes.io/out-of-service', value: 'nodeshutdown', effect: 'NoExecute' }];
    const tainted = { ...facts, nodes: [first, { ...agent, taints }] } as unknown as ClusterFacts;
    expect(objection('a1', tainted)).toMatchObject({
      code: 'drill-refused',
      message: 'a1 is out of service already: somebody has told the cluster that it is off',
      hint: 'kubectl taint nodes a1 node.kubernetes.io/out-of-service- takes that back',
    });
  });

  it.each([
    [
      'too few healthy voters would be left',
      's1',
      seen(S1, S2, off(S3)),
      'only 1 of 3 registered voters are healthy',
    ],
    ['a new server has no vote yet', 's1', seen(S1, S2, S3, ['s4', 'learner']), 's4 is still a learner'],
    ['two servers cannot bear it', 's1', seen(S1, S2), 'etcd has 2 voters'],
    ['it is lost already', 's1', seen(off(S1), S2, S3), 'nothing to lose'],
    ['no other node is Ready', 's1', seen(S1, off(AGENT)), 'the only node that is Ready'],
    ['the cluster does not know it', 'a9', seen(S1, S2, S3), 'nothing to lose'],
    ['no API answers', 's1', undefined, 'no API'],
  ])('is refused where %s', (_why, host, facts, words) => {
    const error = objection(host, facts);
    expect(error).toMatchObject({ code: 'drill-refused', state: 'nothing was changed' });
    expect(`${error?.message ?? ''} ${error?.cause ?? ''}`).toContain(words);
  });
});
