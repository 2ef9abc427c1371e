import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { nodeFacts } from '../../../src/facts/cluster/node-facts.js';
import { k3sRemoveNode } from '../../../src/steps/k3s/remove-node.js';
import { clusterFacts } from '../../support/cluster-facts.js';
import { clusterBench, NODE, nodeObject } from './cluster-bench.js';

const SUBJECT = { host: NODE, hosts: [NODE] };
const PARAMS = { node: NODE, uid: 'u1', server: false, address: '10.0.0.22' };
const NODES = { group: '', version: 'v1', plural: 'nodes' };

const changes = (uid: string, params = PARAMS) => {
  const cluster = clusterFacts({ nodes: [nodeFacts(nodeObject({}, { uid }))] });
  return k3sRemoveNode.diff(k3sRemoveNode.observe({ hosts: new Map(), cluster }, SUBJECT, params), params);
};

describe('planning to take a node out', () => {
  it('names the node, and its etcd member on servers', () => {
    expect(changes('u1')).toEqual([{ kind: 'remove', what: `node ${NODE}` }]);
    expect(changes('u1', { ...PARAMS, server: true })).toEqual([
      { kind: 'remove', what: `node ${NODE}` },
      { kind: 'remove', what: `etcd member of ${NODE}` },
    ]);
  });

  it('leaves a node alone that has come under the same name since', () => {
    expect(changes('u2')).toEqual([]);
  });

  it('cannot tell without an API', () => {
    expect(k3sRemoveNode.observe({ hosts: new Map() }, SUBJECT, PARAMS)).toBeUndefined();
    expect(k3sRemoveNode.diff(undefined, PARAMS)).toEqual([{ kind: 'unknown', what: `node ${NODE}` }]);
  });
});

describe('taking a node out', () => {
  const benchOf = (uid: string) => {
    const bench = clusterBench();
    bench.api.put(nodeObject({}, { uid }));
    return bench;
  };

  it('deletes it and proves that it is gone; a second time changes nothing', async () => {
    const bench = benchOf('u1');
    expect(await k3sRemoveNode.verify(bench.reading, PARAMS)).toMatchObject({
      ok: false,
      error: { message: `${NODE}: it is still in the cluster` },
    });
    expect(await k3sRemoveNode.apply(bench.context, PARAMS, undefined)).toEqual({ ok: true, value: {} });
    expect(bench.node()).toBeUndefined();
    expect(await k3sRemoveNode.verify(bench.reading, PARAMS)).toMatchObject({ ok: true });
    expect(await k3sRemoveNode.apply(bench.context, PARAMS, undefined)).toEqual({ ok: true, value: {} });
  });

  it('never deletes another node of the same name', async () => {
    const bench = benchOf('u2');
    expect(await k3sRemoveNode.apply(bench.context, PARAMS, undefined)).toMatchObject({
      ok: false,
      error: { code: 'kube-conflict' },
    });
    expect(bench.node()?.metadata.uid).toBe('u2');
    expect(await k3sRemoveNode.verify(bench.reading, PARAMS)).toMatchObject({ ok: true });
  });

  /** As K3s does it on servers: the object stays, being deleted, until etcd has let the member go. */
  const heldBack = (after: () => void) => {
    const bench = benchOf('u1');
    const kube = {
      ...bench.api.kube,
      delete: () => {
        after();
        return Promise.resolve({ ok: true as const, value: undefined });
      },
    };
    return {
      bench,
      context: { ...bench.context, kube: () => Promise.resolve({ ok: true as const, value: kube }) },
    };
  };

  it('waits until the object has really gone', async () => {
    let gone = false;
    const { bench, context } = heldBack(() => {
      void turn().then(() => {
        gone = true;
        bench.api.store.remove({ resource: NODES, name: NODE });
      });
    });
    expect(await k3sRemoveNode.apply(context, { ...PARAMS, server: true }, undefined)).toMatchObject({
      ok: true,
    });
    expect(gone).toBe(true);
  });

  it('does not wait for a node that has registered anew under the same name', async () => {
    const { bench, context } = heldBack(() => {
      bench.api.store.remove({ resource: NODES, name: NODE });
      bench.api.put(nodeObject({}, { uid: 'u2' }));
    });
    expect(await k3sRemoveNode.apply(context, PARAMS, undefined)).toMatchObject({ ok: true });
    expect(bench.node()?.metadata.uid).toBe('u2');
  });

  it('tells when the API refuses, and ends with the run', async () => {
    const bench = benchOf('u1');
    bench.api.failing = ({ verb }) =>
      verb === 'delete' ? { kind: 'forbidden', status: 403, message: 'no', causes: [] } : undefined;
    expect(await k3sRemoveNode.apply(bench.context, PARAMS, undefined)).toMatchObject({
      ok: false,
      error: { class: 'permanent', code: 'kube-forbidden', message: `cannot delete the node ${NODE}` },
    });
    const cut = new AbortController();
    const { context } = heldBack(() => {
      cut.abort();
    });
    expect(await k3sRemoveNode.apply({ ...context, signal: cut.signal }, PARAMS, undefined)).toMatchObject({
      ok: false,
      error: { code: 'k3s-member-stays' },
    });
  });
});
