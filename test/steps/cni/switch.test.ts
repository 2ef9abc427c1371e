import { describe, expect, it } from 'vitest';
import { cniSwitch } from '../../../src/steps/cni/switch.js';
import type { SwitchParams } from '../../../src/steps/cni/switch-state.js';
import { LAB_CONF, STAGED } from './support/disks.js';
import { Killed, type NetworkBench, networkBench } from './support/network-bench.js';
import { INPUT, NODES, type Node } from './support/nodes.js';
import { performOn } from './support/perform-on.js';
import { addressOf, nodeOf, pod } from './support/pods.js';

const params = (node: Node, part: Partial<SwitchParams> = {}): SwitchParams => ({
  driver: 'lab-daemonset',
  input: INPUT,
  node,
  cordon: true,
  prove: 'all',
  image: 'busybox',
  limitSeconds: 10,
  ...part,
});

/** Patience with what will not come. */
const BRIEF = { limitSeconds: 0.2 };

/** An agent of a DaemonSet on every node, two replicas and a bare pod on the first agent. */
const shop = (): NetworkBench => {
  const bench = networkBench();
  for (const node of NODES) bench.put(pod(`log-${node}`, node, 'DaemonSet'));
  bench.put(pod('web-1', 'a1', 'ReplicaSet'));
  bench.put(pod('web-2', 'a1', 'ReplicaSet'));
  bench.put(pod('bare', 'a1'));
  return bench;
};

const move = (bench: NetworkBench, part: Partial<SwitchParams> = {}, cut?: number, run = 'r1') =>
  performOn(bench, cniSwitch, {
    host: 'a1',
    params: params('a1', part),
    run,
    ...(cut === undefined ? {} : { cut }),
  });

const takeBack = async (bench: NetworkBench, run: string, cut?: number) => {
  const context = {
    ...bench.context('a1', `undo-${run}`, cut),
    takesBack: { run, action: 'cni.switch/a1', overwrite: false, dataAgreed: false },
  };
  return cniSwitch.revert?.(context, params('a1'), {
    folders: [],
    first: null,
    conf: false,
    cordoned: false,
  });
};

const killed = async (work: () => Promise<unknown>): Promise<boolean> => {
  try {
    await work();
    return false;
  } catch (reason) {
    if (!(reason instanceof Killed)) throw reason;
    return true;
  }
};

describe('moving one node to the network beside', () => {
  it('shows the file and the pods, and nothing of it happens by looking', () => {
    const bench = shop();
    const before = bench.state();
    const state = cniSwitch.observe(bench.world('a1'), { host: 'a1', hosts: ['a1'] }, params('a1'));
    expect(cniSwitch.diff(state, params('a1'))).toEqual([
      { kind: 'add', what: LAB_CONF, before: expect.stringContaining('10-flannel') as string },
      { kind: 'run', what: 'pods of a1 with addresses outside 10.42.128.0/17', after: 'recreated' },
    ]);
    expect(bench.state()).toEqual(before);
  });

  it('proves both directions with new pods before a pod of the users is touched, then recreates them all', async () => {
    const bench = shop();
    const done = await move(bench);
    expect(done).toEqual({
      ok: true,
      value: 'all pods of a1 are in 10.42.128.0/17; both directions to s1 and a2',
    });
    const here = bench.pods('default').filter((one) => nodeOf(one) === 'a1');
    expect(here.map(({ metadata }) => metadata.name.split('-')[0]).sort()).toEqual([
      'bare',
      'log',
      'web',
      'web',
    ]);
    for (const one of here) expect(addressOf(one)).toMatch(/^10\.42\.128\./);
    const proven = bench.told.findIndex((text) => text.startsWith('both directions'));
    const evicted = bench.told.findIndex((text) => text.startsWith('create Eviction'));
    expect(proven).toBeGreaterThan(0);
    expect(evicted).toBeGreaterThan(proven);
    expect(bench.cordoned('a1')).toBe(false);
    expect(bench.pods().filter(({ metadata }) => metadata.namespace?.startsWith('drover'))).toEqual([]);
    expect(bench.disks.a1.size).toBe(3);
  });

  it('changes nothing the second time', async () => {
    const bench = shop();
    await move(bench);
    const after = bench.state();
    bench.told.length = 0;
    expect(await move(bench, {}, undefined, 'r2')).toMatchObject({ ok: true });
    expect(bench.state()).toEqual(after);
    expect(bench.told.filter((text) => text !== 'checkpoint')).toEqual([]);
  });

  it('leaves Drover’s own probes alone, and makes no bare pod again whose namespace goes', async () => {
    const bench = shop();
    bench.api.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'going' } });
    const probe = pod('probe', 'a1');
    bench.put({ ...probe, metadata: { ...probe.metadata, labels: { 'drover.dev/probe': 'pod' } } });
    const late = pod('late', 'a1');
    bench.put({ ...late, metadata: { ...late.metadata, namespace: 'going' } });
    bench.api.failing = ({ verb, ref, object }) =>
      verb === 'create' && ref.namespace === 'going' && object?.kind === 'Pod'
        ? { kind: 'forbidden', message: 'namespace going is being terminated', causes: [] }
        : undefined;
    expect(await move(bench)).toMatchObject({ ok: true });
    const names = bench.pods().map(({ metadata }) => metadata.name);
    expect(names).toContain('probe');
    expect(names).not.toContain('late');
    expect(bench.told).not.toContain('create Eviction probe');
  });

  it('waits for no pod whose namespace is gone: of a guard of a killed run, of somebody who tidies up', async () => {
    const bench = shop();
    const late = pod('prober-a1', 'a1', 'DaemonSet');
    bench.put({ ...late, metadata: { ...late.metadata, namespace: 'gone' } });
    expect(await move(bench)).toMatchObject({ ok: true });
    expect(bench.told.join('; ')).not.toContain('waiting for a pod of DaemonSet gone/prober');
  });

  it('leaves a node cordoned that somebody had cordoned', async () => {
    const bench = shop();
    await bench.api.kube.patch(
      { resource: { group: '', version: 'v1', plural: 'nodes' }, name: 'a1' },
      { spec: { unschedulable: true } },
      { type: 'merge' },
    );
    expect(await move(bench)).toMatchObject({ ok: true });
    expect(bench.cordoned('a1')).toBe(true);
  });

  it('requires nothing of nodes that did not answer before: where the former network is broken nothing can be cut', async () => {
    const bench = shop();
    const isNew = (address: string): boolean => address.startsWith('10.42.128.');
    bench.sees = (from, to) => (isNew(to) && isNew(addressOf(from)) ? addressOf(from) : undefined);
    expect(await move(bench)).toEqual({
      ok: true,
      value: 'all pods of a1 are in 10.42.128.0/17; not required: s1 and a2',
    });
    const next = await performOn(bench, cniSwitch, { host: 'a2', params: params('a2') });
    expect(next).toMatchObject({
      value: 'all pods of a2 are in 10.42.128.0/17; both directions to a1; not required: s1',
    });
  });

  it('takes all pods at once in place, without cordon and without asking others', async () => {
    const bench = shop();
    expect(await move(bench, { cordon: false })).toEqual({
      ok: true,
      value: 'all pods of a1 are in 10.42.128.0/17',
    });
    expect(bench.told.some((text) => text.startsWith('patch'))).toBe(false);
  });
});

describe('a node that cannot be moved', () => {
  it('is put back when a pod is seen with another address than its own', async () => {
    const bench = shop();
    const before = bench.state();
    bench.sees = (from, to) => (to.startsWith('10.42.128.') ? '10.0.0.3' : addressOf(from));
    expect(await move(bench, BRIEF)).toMatchObject({
      ok: false,
      error: {
        code: 'cni-not-proven',
        cause: expect.stringMatching(
          /s1 → a1: seen as 10\.0\.0\.3[^]*a1 is back on the former network/,
        ) as string,
      },
    });
    expect(bench.state()).toEqual(before);
    expect(bench.told.some((text) => text.startsWith('create Eviction'))).toBe(false);
  });

  it('is put back when one direction has no answer; only changed nodes count where the former network is broken', async () => {
    const bench = shop();
    const before = bench.state();
    bench.sees = (from, to) =>
      to.startsWith('10.42.128.') === addressOf(from).startsWith('10.42.128.') ? addressOf(from) : undefined;
    const failed = await move(bench, BRIEF);
    expect(failed).toMatchObject({
      error: { code: 'cni-not-proven', cause: expect.stringContaining('no answer') as string },
    });
    expect(bench.state()).toEqual(before);
    const moved = await move(bench, { prove: 'changed' }, undefined, 'r2');
    expect(moved, JSON.stringify(moved)).toMatchObject({
      ok: true,
      value: expect.stringContaining('not required: s1 and a2') as string,
    });
  });

  it('is put back with the reason of a pod that does not return, and moves once that is mended', async () => {
    const bench = shop();
    const before = bench.state();
    bench.broken.set('web', 'no such image');
    const failed = await move(bench, BRIEF);
    expect(failed).toMatchObject({
      error: {
        class: 'permanent',
        code: 'cni-pod-not-recreated',
        message: expect.stringMatching(/^a1: the pod default\/web-\d+ does not come back$/) as string,
        cause: expect.stringContaining('ImagePullBackOff: no such image') as string,
      },
    });
    expect(bench.state()).toEqual(before);
    bench.broken.clear();
    expect(await move(bench)).toMatchObject({ ok: true });
    expect(bench.disks.a1.has(LAB_CONF)).toBe(true);
  });

  it('waits for a person where a budget forbids, named, with the node open; then it is gone on with', async () => {
    const bench = shop();
    bench.guarded.add('web-1');
    expect(await move(bench, BRIEF)).toMatchObject({
      error: {
        class: 'person',
        code: 'cni-pods-guarded',
        cause: 'default/web-1: The disruption budget of-web-1 needs 1 healthy pods and has 1 currently',
      },
    });
    expect(bench.cordoned('a1')).toBe(false);
    expect(
      bench.pods('default').filter((one) => nodeOf(one) === 'a1' && !addressOf(one).startsWith('10.42.128.')),
    ).toHaveLength(1);
    bench.guarded.clear();
    expect(await move(bench)).toMatchObject({ ok: true });
  });

  it('is not touched when its runtime reads another folder, or the network has left nothing there', async () => {
    const bench = shop();
    const before = bench.state();
    expect(await move(bench, { input: { ...INPUT, confDir: '/etc/cni/net.d' } })).toMatchObject({
      error: { code: 'cni-conf-refused', cause: expect.stringContaining('k3s/agent/etc/cni') as string },
    });
    expect(bench.state()).toEqual(before);
    bench.disks.a1.delete(STAGED);
    expect(await move(bench)).toMatchObject({ error: { code: 'cni-conf-refused' } });
    expect(bench.cordoned('a1')).toBe(false);
  });

  it('leaves nodes out that are not ready, by name', async () => {
    const bench = shop();
    bench.put({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'a2' }, spec: {}, status: {} });
    expect(await move(bench)).toMatchObject({
      value: 'all pods of a1 are in 10.42.128.0/17; both directions to s1; not required: a2',
    });
  });
});

describe('a move that is killed', () => {
  const calm = async () => {
    const bench = shop();
    const before = bench.state();
    await move(bench);
    return { before, after: bench.state() };
  };

  it('ends as an undisturbed one when it is gone on with, whichever effect was the last', async () => {
    const { after } = await calm();
    let cut = 1;
    for (; ; cut += 1) {
      const bench = shop();
      if (!(await killed(() => move(bench, {}, cut)))) break;
      const again = await move(bench);
      expect(again, `cut at ${cut}: ${JSON.stringify(again)} ${bench.told.join('; ')}`).toMatchObject({
        ok: true,
      });
      expect(bench.state(), `cut at ${cut}: ${bench.told.join('; ')}`).toEqual(after);
    }
    expect(cut).toBeGreaterThan(12);
  });

  it('is taken back without a trace instead, also when that is killed in turn', async () => {
    const { before } = await calm();
    let cut = 1;
    for (; ; cut += 1) {
      const bench = shop();
      if (!(await killed(() => move(bench, {}, cut)))) break;
      await killed(() => takeBack(bench, 'r1', (cut % 7) + 1));
      expect(await takeBack(bench, 'r1'), `cut at ${cut}`).toMatchObject({ ok: true });
      expect(bench.state(), `cut at ${cut}`).toEqual(before);
    }
    expect(cut).toBeGreaterThan(12);
  });

  it('is taken back when it was done', async () => {
    const bench = shop();
    const before = bench.state();
    await move(bench);
    bench.told.length = 0;
    expect(await takeBack(bench, 'r1')).toEqual({ ok: true, value: undefined });
    expect(bench.state()).toEqual(before);
    const proven = bench.told.findIndex((text) => text.startsWith('both directions'));
    const evicted = bench.told.findIndex((text) => text.startsWith('create Eviction'));
    expect(proven).toBeGreaterThan(0);
    expect(evicted).toBeGreaterThan(proven);
  });

  it('is taken back all the same where the former network does not carry, which is told', async () => {
    const bench = shop();
    const before = bench.state();
    await move(bench);
    bench.sees = () => undefined;
    expect(await takeBack(bench, 'r1')).toEqual({ ok: true, value: undefined });
    expect(bench.state()).toEqual(before);
    expect(bench.told.join('\n')).toMatch(/a1 → s1: no answer.*; it goes back all the same/);
  });
});

describe('the proof of a move', () => {
  it('fails when the configuration is gone, or a pod has a former address', async () => {
    const bench = shop();
    await move(bench);
    const verify = () => cniSwitch.verify(bench.reading('a1'), params('a1'));
    expect(await verify()).toMatchObject({ ok: true });
    bench.disks.a1.delete(LAB_CONF);
    expect(await verify()).toMatchObject({ ok: false });
    bench.put(pod('late', 'a1'));
    bench.disks.a1.set(LAB_CONF, 'labnet');
    expect(await verify()).toMatchObject({ error: { cause: 'default/late' } });
  });
});
