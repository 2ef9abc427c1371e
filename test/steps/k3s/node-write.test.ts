import { describe, expect, it } from 'vitest';
import { nodeFacts, OWNED } from '../../../src/facts/cluster/node-facts.js';
import { k3sNode } from '../../../src/steps/k3s/node.js';
import { clusterFacts } from '../../support/cluster-facts.js';
import { clusterBench, NODE, nodeObject } from './cluster-bench.js';

const SUBJECT = { host: NODE, hosts: [NODE] };
const HEAVY = { key: 'heavy', value: 'yes', effect: 'NoSchedule' };
const OTHERS = { key: 'somebody', effect: 'NoExecute' };

const benchOf = (spec: object, metadata: object) => {
  const bench = clusterBench();
  bench.api.put(nodeObject(spec, metadata));
  const state = () => {
    const node = bench.node();
    if (node === undefined) throw new Error('no node');
    const cluster = clusterFacts({ nodes: [nodeFacts(node)] });
    return k3sNode.observe({ hosts: new Map(), cluster }, SUBJECT, { node: NODE, labels: {}, taints: [] });
  };
  return {
    ...bench,
    state,
    apply: (labels: Record<string, string>, taints: readonly (typeof HEAVY)[]) =>
      k3sNode.apply(bench.context, { node: NODE, labels, taints }, state()),
  };
};

describe('labelling a node', () => {
  it('writes labels, taints and whose they are in one request: nothing is half done', async () => {
    const bench = benchOf({ taints: [OTHERS] }, { labels: { zone: 'a' } });
    expect(await bench.apply({ disk: 'slow' }, [HEAVY])).toMatchObject({ ok: true });
    expect(bench.api.calls.filter(({ verb }) => verb !== 'get').map(({ verb }) => verb)).toEqual(['patch']);
    expect(bench.node()).toMatchObject({
      metadata: {
        labels: { zone: 'a', disk: 'slow' },
        annotations: { [OWNED]: '{"labels":["disk"],"taints":["heavy:NoSchedule"]}' },
      },
      spec: { taints: [OTHERS, HEAVY] },
    });
  });

  it('takes away what left the spec, and nothing that others set', async () => {
    const bench = benchOf({ taints: [OTHERS] }, { labels: { zone: 'a' } });
    await bench.apply({ disk: 'slow', zone: 'b' }, [HEAVY]);
    expect(await bench.apply({ zone: 'b' }, [])).toMatchObject({ ok: true });
    expect(bench.node()).toMatchObject({ metadata: { labels: { zone: 'b' } }, spec: { taints: [OTHERS] } });
    expect(bench.node()?.metadata.labels).not.toHaveProperty('disk');
  });

  it('is tried again when somebody changed the node in between', async () => {
    const bench = benchOf({}, {});
    bench.api.failing = async ({ verb }) => {
      if (verb === 'patch') {
        bench.api.failing = () => undefined;
        bench.api.put(nodeObject({ taints: [OTHERS] }));
      }
      return Promise.resolve(undefined);
    };
    expect(await bench.apply({}, [HEAVY])).toMatchObject({
      ok: false,
      error: { class: 'transient', code: 'kube-conflict' },
    });
    expect(bench.node()?.['spec']).toEqual({ taints: [OTHERS] });
    expect(await bench.apply({}, [HEAVY])).toMatchObject({ ok: true });
    expect(bench.node()?.['spec']).toEqual({ taints: [OTHERS, HEAVY] });
  });

  it('waits for a node that has not joined yet', async () => {
    const params = { node: NODE, labels: { disk: 'slow' }, taints: [] };
    expect(await k3sNode.apply(clusterBench().context, params, undefined)).toMatchObject({
      ok: false,
      error: { class: 'transient', code: 'kube-not-found' },
    });
  });
});

describe('taking labels back', () => {
  it('puts back what was there, and keeps what others have set since', async () => {
    const bench = benchOf({ taints: [{ ...HEAVY, value: 'no' }] }, { labels: { disk: 'fast' } });
    const before = bench.state();
    await bench.apply({ disk: 'slow', purpose: 'ai' }, [HEAVY]);
    const tainted = [...(bench.node()?.['spec'] as { taints: object[] }).taints, OTHERS];
    await bench.api.kube.patch(
      { resource: { group: '', version: 'v1', plural: 'nodes' }, name: NODE },
      { spec: { taints: tainted } },
      { type: 'merge' },
    );
    const params = { node: NODE, labels: { disk: 'slow', purpose: 'ai' }, taints: [HEAVY] };
    expect(await k3sNode.revert?.(bench.context, params, before)).toMatchObject({ ok: true });
    expect(bench.node()?.metadata.labels).toEqual({ disk: 'fast' });
    expect(bench.node()?.metadata.annotations ?? {}).toEqual({});
    expect(bench.node()?.['spec']).toEqual({ taints: [OTHERS, { ...HEAVY, value: 'no' }] });
  });
});
