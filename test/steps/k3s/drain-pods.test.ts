import { setImmediate as immediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Kube, KubeFailure, KubeObject } from '../../../src/core/ports/kube.js';
import { err, ok } from '../../../src/core/result.js';
import { drainPods, leavingPods } from '../../../src/steps/k3s/drain-pods.js';

const pod = (name: string, part: Partial<KubeObject['metadata']> = {}, phase = 'Running'): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'shop', ...part },
  status: { phase },
});

const budget: KubeFailure = {
  kind: 'too-many-requests',
  status: 429,
  message: 'the disruption budget web needs 2 healthy pods and has 2 currently',
  causes: [],
};

interface World {
  pods: KubeObject[];
  /** Evictions that are refused before one is granted, by pod. */
  readonly refusals: Map<string, number>;
  readonly asked: string[];
}

/** An API that holds a few pods on one node and evicts them as it is told. */
const fakeKube = (world: World): Kube => {
  const parts: Partial<Kube> = {
    list: async function* () {
      await Promise.resolve();
      yield ok({ items: [...world.pods], resourceVersion: '1' });
    },
    create: ({ below }) => {
      const name = below?.name ?? '';
      world.asked.push(`${name}/${below?.subresource ?? ''}`);
      const left = world.refusals.get(name) ?? 0;
      world.refusals.set(name, left - 1);
      if (left > 0) return Promise.resolve(err(budget));
      world.pods = world.pods.filter(({ metadata }) => metadata.name !== name);
      return Promise.resolve(ok(pod(name)));
    },
    watch: async function* () {
      // Time limits fire between two changes, as they do with a real API.
      await immediate();
      yield ok({ type: 'MODIFIED' as const, object: pod('any') });
    },
  };
  return parts as Kube;
};

const drain = (world: World, limitMs: number) =>
  drainPods(fakeKube(world), {
    node: 'agent-2',
    limitMs,
    signal: new AbortController().signal,
    progress: () => undefined,
  });

describe('leavingPods', () => {
  it('leaves alone what belongs to the node itself, and what has ended', () => {
    const pods = [
      pod('web', { ownerReferences: [{ kind: 'ReplicaSet', controller: true }] }),
      pod('flannel', { ownerReferences: [{ kind: 'DaemonSet' }] }),
      pod('static', { annotations: { 'kubernetes.io/config.mirror': 'x' } }),
      pod('job', {}, 'Succeeded'),
      pod('old', { deletionTimestamp: '2026-11-20T10:00:00Z' }),
    ];
    expect(leavingPods(pods)).toEqual([
      { namespace: 'shop', name: 'web', ending: false, bare: false },
      { namespace: 'shop', name: 'old', ending: true, bare: true },
    ]);
  });
});

describe('drainPods', () => {
  it('asks again until the budget allows it', async () => {
    const world: World = { pods: [pod('web-1'), pod('web-2')], refusals: new Map([['web-2', 2]]), asked: [] };
    expect(await drain(world, 60_000)).toEqual(ok(undefined));
    expect(world.asked).toEqual(['web-1/eviction', 'web-2/eviction', 'web-2/eviction', 'web-2/eviction']);
  });

  it('says in the end which pods stay and who refuses', async () => {
    const world: World = { pods: [pod('web-1')], refusals: new Map([['web-1', 1e9]]), asked: [] };
    expect(await drain(world, 20)).toMatchObject({
      ok: false,
      error: {
        class: 'person',
        code: 'k3s-drain-blocked',
        message: 'agent-2 is not empty in time: shop/web-1 stays',
        cause: expect.stringContaining('the disruption budget web needs 2 healthy pods') as string,
      },
    });
  });
});
