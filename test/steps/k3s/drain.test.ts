import { describe, expect, it } from 'vitest';
import type { ClusterFacts } from '../../../src/facts/cluster/cluster-facts.js';
import { nodeFacts } from '../../../src/facts/cluster/node-facts.js';
import { k3sDrain } from '../../../src/steps/k3s/drain.js';
import { clusterFacts } from '../../support/cluster-facts.js';
import { clusterBench, NODE, nodeObject, podObject } from './cluster-bench.js';

const PARAMS = { node: NODE, limitSeconds: 60 };
const SUBJECT = { host: NODE, hosts: [NODE] };
const FREE = { present: true, cordoned: false, volumes: [] };

const stateOf = (part: Partial<ClusterFacts>) =>
  k3sDrain.observe({ hosts: new Map(), cluster: clusterFacts(part) }, SUBJECT, PARAMS);

const volume = (name: string, node: string | undefined, claim?: string) => ({
  name,
  capacity: '1Gi',
  reclaim: 'Delete',
  ...(node === undefined ? {} : { node }),
  ...(claim === undefined ? {} : { claim }),
});

describe('planning to drain a node', () => {
  it('cannot tell without an API, and has nothing to do when the node is gone', () => {
    expect(k3sDrain.observe({ hosts: new Map() }, SUBJECT, PARAMS)).toBeUndefined();
    expect(k3sDrain.diff(undefined, PARAMS)).toEqual([
      { kind: 'unknown', what: `node ${NODE}`, after: 'drained' },
    ]);
    expect(k3sDrain.diff(stateOf({}), PARAMS)).toEqual([]);
  });

  it('warns of volumes whose only copy is on the node, by their claims where they have some', () => {
    const volumes = [
      volume('pv-1', NODE, 'shop/data'),
      volume('pv-2', NODE),
      volume('pv-3', 'agent-1', 'shop/elsewhere'),
      volume('pv-4', undefined, 'shop/anywhere'),
    ];
    const state = stateOf({ nodes: [nodeFacts(nodeObject())], volumes });
    expect(state?.volumes).toEqual(['shop/data', 'pv-2']);
    expect(k3sDrain.diff(state, PARAMS).map(({ kind }) => kind)).toEqual(['warn', 'warn', 'run']);
  });
});

describe('draining a node', () => {
  it('is refused before anything is touched when the only copy of data is there', async () => {
    const bench = clusterBench();
    bench.api.put(nodeObject());
    bench.api.put(podObject('web-1'));
    const state = { ...FREE, volumes: ['shop/data', 'shop/cache'] };
    expect(await k3sDrain.apply(bench.context, PARAMS, state)).toMatchObject({
      ok: false,
      error: {
        class: 'person',
        code: 'k3s-data-on-node',
        message: `${NODE} has the only copy of 2 volumes: shop/data and shop/cache`,
      },
    });
    expect(bench.node()?.['spec']).toEqual({});
    expect(bench.pods()).toEqual(['web-1']);
  });

  it('goes on where somebody agreed that the only copy goes with the node', async () => {
    const bench = clusterBench();
    bench.api.put(nodeObject());
    bench.api.put(podObject('web-1'));
    const agreed = { ...PARAMS, dataAgreed: true };
    const state = { ...FREE, volumes: ['shop/data'] };
    expect(k3sDrain.diff(state, agreed)[0]?.what).toMatch(/shop\/data is there: it goes with the node/);
    expect(await k3sDrain.apply(bench.context, agreed, state)).toMatchObject({ ok: true });
    expect(bench.pods()).toEqual([]);
  });

  it('is refused before anything is touched when a pod has no controller', async () => {
    const bench = clusterBench();
    bench.api.put(nodeObject());
    bench.api.put(podObject('web-1'));
    bench.api.put(podObject('by-hand', { ownerReferences: [] }));
    const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'x', uid: 'x' };
    bench.api.put(podObject('not-controlled', { ownerReferences: [owner] }));
    expect(await k3sDrain.apply(bench.context, PARAMS, FREE)).toMatchObject({
      ok: false,
      error: {
        class: 'person',
        code: 'k3s-bare-pods',
        message: `${NODE} has pods that nobody would make again elsewhere: default/by-hand and default/not-controlled`,
      },
    });
    expect(bench.told).toEqual([]);
    expect(bench.node()?.['spec']).toEqual({});
  });

  it('takes no offence at pods without a controller that are ending or have ended', async () => {
    const bench = clusterBench();
    bench.api.put(nodeObject());
    bench.api.put({ ...podObject('job', { ownerReferences: [] }), status: { phase: 'Succeeded' } });
    expect(await k3sDrain.apply(bench.context, PARAMS, FREE)).toMatchObject({ ok: true });
    expect(bench.pods()).toEqual(['job']);
  });

  it('cordons the node before it evicts, and proves that it is cordoned and empty', async () => {
    const bench = clusterBench();
    bench.api.put(nodeObject());
    bench.api.put(podObject('web-1'));
    const { verify } = k3sDrain;
    expect(await verify(bench.reading, PARAMS)).toMatchObject({ error: { message: /takes new pods/ } });
    expect(await k3sDrain.apply(bench.context, PARAMS, FREE)).toMatchObject({ ok: true });
    expect(bench.node()?.['spec']).toEqual({ unschedulable: true });
    expect(bench.pods()).toEqual([]);
    expect(await verify(bench.reading, PARAMS)).toMatchObject({ ok: true });
    bench.api.put(podObject('web-2'));
    expect(await verify(bench.reading, PARAMS)).toMatchObject({ error: { cause: 'default/web-2' } });
  });

  it('leaves the node cordoned when a budget refuses for too long, and names both', async () => {
    const bench = clusterBench(new Set(['web-2']));
    bench.api.put(nodeObject());
    bench.api.put(podObject('web-1'));
    bench.api.put(podObject('web-2'));
    const params = { ...PARAMS, limitSeconds: 0.05 };
    const drained = await k3sDrain.apply(bench.context, params, FREE);
    expect(drained).toMatchObject({
      ok: false,
      error: { class: 'person', code: 'k3s-drain-blocked', cause: /^default\/web-2: .*disruption budget/ },
    });
    expect(bench.pods()).toEqual(['web-2']);
    expect(bench.node()?.['spec']).toEqual({ unschedulable: true });
  });

  it('proves itself by a node that has gone meanwhile', async () => {
    expect(await k3sDrain.verify(clusterBench().reading, PARAMS)).toEqual({
      ok: true,
      value: { text: `${NODE} is gone` },
    });
  });
});

describe('taking a drain back', () => {
  const back = async (before: typeof FREE, spec: object | undefined) => {
    const bench = clusterBench();
    if (spec !== undefined) bench.api.put(nodeObject(spec));
    const done = await k3sDrain.revert?.(bench.context, PARAMS, before);
    return { done, spec: bench.node()?.['spec'] };
  };

  it('takes pods again, unless the node was cordoned before', async () => {
    expect(await back(FREE, { unschedulable: true })).toMatchObject({
      done: { ok: true },
      spec: { unschedulable: false },
    });
    expect(await back({ ...FREE, cordoned: true }, { unschedulable: true })).toMatchObject({
      done: { ok: true },
      spec: { unschedulable: true },
    });
  });

  it('has nothing to do for a node that is gone', async () => {
    expect((await back(FREE, undefined)).done).toEqual({ ok: true, value: undefined });
  });
});
