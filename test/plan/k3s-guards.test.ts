import { describe, expect, it } from 'vitest';
import type { ClusterFacts, NodeFacts } from '../../src/facts/cluster/cluster-facts.js';
import { k3sGuards } from '../../src/plan/k3s-guards.js';
import { guardSchema } from '../../src/plan/model.js';
import { planMarkdown } from '../../src/report/plan-markdown.js';
import { planText } from '../../src/report/plan-text.js';
import { guardOf } from '../../src/steps/guards/catalogue.js';
import { goalOf, madeUp, planOf, stepsOf } from '../run/made-up.js';

/** A cluster whose nodes have these parts in etcd. */
const worldOf = (...etcd: readonly (NodeFacts['etcd'] | 'none')[]) => ({
  hosts: new Map(),
  cluster: {
    nodes: etcd.map((part, at) => ({ name: `n${at}`, ...(part === 'none' ? {} : { etcd: part }) })),
  } as unknown as ClusterFacts,
});

const three = worldOf('voter', 'voter', 'none', 'voter');

describe('guards of a K3s cluster', () => {
  it('watch the API of a cluster that stays up while one of its servers restarts', () => {
    const [guard, ...more] = k3sGuards(three);
    expect(more).toEqual([]);
    expect(guardSchema.parse(guard)).toMatchObject({ kind: 'kube.ready', hosts: ['n0', 'n1', 'n3'] });
    expect(guard).toMatchObject({ during: [], onBreach: 'stop' });
    expect(guardOf(guard?.kind ?? '')).toBeDefined();
  });

  it.each([
    ['there is none yet', { hosts: new Map() }],
    ['it has one voter', worldOf('voter', 'none')],
    ['it has two voters', worldOf('voter', 'voter')],
    ['its third server still learns', worldOf('voter', 'voter', 'learner')],
  ])('watch nothing that cannot hold: %s', (_why, world) => {
    expect(k3sGuards(world)).toEqual([]);
  });

  it('stand in the plan and its text where something is done, and nowhere else', () => {
    const world = madeUp();
    const { set } = stepsOf(world);
    const stage = () => ({
      name: 'build',
      goal: 'a value',
      goals: [goalOf(set, 'h', { params: { key: 'a', value: 1 } })],
      guards: k3sGuards(three),
    });
    const plan = planOf([stage()]);
    const text = planText({ color: false, unicode: true, columns: 100 }, plan, { full: false });
    expect(text).toContain(
      '    ! guarded: the Kubernetes API answers, away for at most 2m00s at once; else stop\n',
    );
    expect(planMarkdown(plan, 'drover apply')).toContain('guarded: the Kubernetes API answers, away for');
    world.values.set('a', 1);
    expect(planOf([stage()]).stages).toEqual([{ name: 'build', goal: 'a value', actions: [] }]);
  });

  it('are left out when none of the actions that they name is in the plan', () => {
    const { set } = stepsOf(madeUp());
    const goals = [goalOf(set, 'h', { params: { key: 'a', value: 1 } })];
    const guards = k3sGuards(three).map((guard) => ({ ...guard, during: ['test.set/other'] }));
    expect(planOf([{ name: 'build', goal: 'a value', goals, guards }]).stages[0]).not.toHaveProperty(
      'guards',
    );
  });
});
