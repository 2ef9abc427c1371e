import { describe, expect, it } from 'vitest';
import { cniControl } from '../../../src/steps/cni/control.js';
import { Killed, type NetworkBench, networkBench } from './support/network-bench.js';
import { NODES } from './support/nodes.js';
import { performOn } from './support/perform-on.js';
import { addressOf, nodeOf, pod } from './support/pods.js';

const PARAMS = { node: 'a1', limitSeconds: 10 };

/** A DaemonSet on every node, two replicas and a bare pod on the first agent. */
const shop = (): NetworkBench => {
  const bench = networkBench();
  for (const node of NODES) bench.put(pod(`log-${node}`, node, 'DaemonSet'));
  bench.put(pod('web-1', 'a1', 'ReplicaSet'));
  bench.put(pod('bare', 'a1'));
  return bench;
};

const pods = (bench: NetworkBench, node: string): ReadonlyMap<string, string> =>
  new Map(
    bench
      .pods()
      .filter((each) => nodeOf(each) === node)
      .map((each) => [each.metadata.name, `${each.metadata.uid ?? ''} ${addressOf(each)}`]),
  );

describe('the control of a change of network', () => {
  it('lets all pods of one node start again, and touches neither files nor other nodes', async () => {
    const bench = shop();
    const before = { a1: pods(bench, 'a1'), a2: pods(bench, 'a2') };
    const disks = JSON.stringify(NODES.map((node) => [...bench.disks[node]]));
    const done = await performOn(bench, cniControl, { host: 'a1', params: PARAMS });
    expect(done).toEqual({ ok: true, value: '3 pods of a1 started again' });
    const after = pods(bench, 'a1');
    expect(after.size).toBe(3);
    for (const seen of after.values()) expect([...before.a1.values()]).not.toContain(seen);
    expect(pods(bench, 'a2')).toEqual(before.a2);
    const config = JSON.stringify(NODES.map((node) => [...bench.disks[node]]));
    expect(config).toBe(disks);
  });

  it('goes on after a kill at any point without sending away what came in the meantime', async () => {
    const calm = shop();
    await performOn(calm, cniControl, { host: 'a1', params: PARAMS });
    const steps = calm.told.length;
    expect(steps).toBeGreaterThan(2);
    for (let cut = 1; cut <= steps; cut += 1) {
      const bench = shop();
      const before = pods(bench, 'a1');
      try {
        await performOn(bench, cniControl, { host: 'a1', params: PARAMS, cut });
      } catch (reason) {
        if (!(reason instanceof Killed)) throw reason;
      }
      const done = await performOn(bench, cniControl, { host: 'a1', params: PARAMS });
      expect(done.ok, `cut ${cut}`).toBe(true);
      const after = pods(bench, 'a1');
      expect(after.size, `cut ${cut}`).toBe(3);
      for (const seen of after.values()) expect([...before.values()], `cut ${cut}`).not.toContain(seen);
    }
  });
});
