import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/core/ports/kube.js';
import { drillPods, lagging, movable, wantedElsewhere } from '../../../src/steps/drill/drill-pods.js';

const LOST = 'agent-1';
const PATIENT = [
  { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 },
];

interface Shape {
  readonly owner?: string;
  readonly kind?: string;
  readonly node?: string;
  readonly ready?: boolean;
  readonly tolerations?: readonly object[];
  readonly claim?: string;
  readonly more?: object;
  readonly waits?: string;
}

const pod = (name: string, shape: Shape = {}): KubeObject => {
  const {
    owner = 'rs-1',
    kind = 'ReplicaSet',
    node = LOST,
    ready = true,
    tolerations = PATIENT,
    waits,
  } = shape;
  const conditions = [
    { type: 'Ready', status: ready ? 'True' : 'False' },
    ...(waits === undefined ? [] : [{ type: 'PodScheduled', status: 'False', message: waits }]),
  ];
  const volumes = shape.claim === undefined ? [] : [{ persistentVolumeClaim: { claimName: shape.claim } }];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'shop',
      uid: name,
      ...(owner === '' ? {} : { ownerReferences: [{ kind, uid: owner, controller: true }] }),
      ...shape.more,
    },
    spec: { ...(node === '' ? {} : { nodeName: node }), tolerations, volumes },
    status: { phase: 'Running', conditions },
  };
};

const split = (pods: readonly KubeObject[], outOfService = false) => {
  const { moving, staying } = movable(drillPods(pods), LOST, { pinned: ['shop/data'], outOfService });
  return {
    moving: moving.map(({ name }) => name),
    staying: staying.map(({ pod: { name }, why }) => `${name}: ${why}`),
  };
};

describe('the pods of a lost node', () => {
  it('move, stand still with a reason, or belong to the node', () => {
    const pods = [
      pod('web'),
      pod('elsewhere', { node: 'server-1' }),
      pod('agent', { kind: 'DaemonSet' }),
      pod('static', { kind: 'Node' }),
      pod('gone', { more: { deletionTimestamp: '2026-01-01T00:00:00Z' } }),
      pod('bare', { owner: '' }),
      pod('database', { claim: 'data' }),
      pod('stubborn', { tolerations: [{ operator: 'Exists' }] }),
    ];
    expect(split(pods)).toEqual({
      moving: ['web'],
      staying: [
        'bare: nobody makes it again elsewhere',
        'database: the only copy of shop/data is on that node',
        'stubborn: it tolerates the loss of its node for ever',
      ],
    });
    expect(split(pods, true).moving).toEqual(['web', 'stubborn']);
  });

  it('tolerate the loss as long as their shortest toleration says', () => {
    const patience = (tolerations: readonly object[]) => drillPods([pod('p', { tolerations })])[0]?.patience;
    expect(patience(PATIENT)).toBe(300);
    expect(patience([])).toBe(0);
    expect(patience([{ operator: 'Exists' }])).toBeNull();
    expect(patience([...PATIENT, { operator: 'Exists', tolerationSeconds: 20 }])).toBe(20);
    expect(patience([{ key: 'node.kubernetes.io/not-ready', operator: 'Exists' }])).toBe(0);
    expect(
      patience([{ key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoSchedule' }]),
    ).toBe(0);
  });

  it('have moved when their controllers have as many ready pods elsewhere as they had in all', () => {
    const before = drillPods([pod('a'), pod('b', { node: 'server-1' })]);
    const { moving } = movable(before, LOST, { pinned: [], outOfService: false });
    const wanted = wantedElsewhere(before, moving);
    expect([...wanted]).toEqual([['rs-1', 2]]);
    const ending = { more: { deletionTimestamp: '2026-01-01T00:00:00Z' } };
    const now = (third: KubeObject) => drillPods([pod('a', ending), pod('b', { node: 'server-1' }), third]);
    const late = (third: KubeObject) => lagging(now(third), LOST, wanted).map(({ why }) => why);
    expect(late(pod('c', { node: '', ready: false, waits: '0/3 nodes are available' }))).toEqual([
      'shop/c: 0/3 nodes are available',
    ]);
    expect(late(pod('c', { node: 'server-2', ready: false }))).toEqual(['shop/a has not moved']);
    expect(late(pod('c', { node: 'server-2' }))).toEqual([]);
    expect(lagging(before, LOST, wanted)).toHaveLength(1);
  });
});
