import { describe, expect, it } from 'vitest';
import { ok } from '../../../src/core/result.js';
import { withUndo } from '../../../src/run/rollback/undo-step.js';
import { cniWayBack } from '../../../src/steps/cni/way-back.js';
import { fakeHost, SUBJECT, worldOf } from '../host/world.js';
import { networkBench } from './support/network-bench.js';
import { addressOf, nodeOf, pod } from './support/pods.js';

const ROOM = { pool: '10.42.128.0/17', limitSeconds: 10 };
const params = { kept: [{ driver: 'flannel-k3s' as const, mode: 'vxlan' as const }], ...ROOM };

const world = worldOf({
  traces: [
    { owner: 'lab', kind: 'link', name: 'labnet.1' },
    { owner: 'flannel', kind: 'link', name: 'flannel.1' },
  ],
  links: [],
  routes: { routes: [] },
  cni: { readFrom: [], files: [], binaries: [] },
  kubernetes: { installs: [], certificates: [], remains: [] },
} as never);

it('changes nothing on the way there, and leaves a state, without which nothing would be taken back', async () => {
  const { context, told } = fakeHost(world);
  expect(await cniWayBack.apply(context, params, { noted: true })).toEqual(ok({}));
  expect(told.scripts).toEqual([]);
  expect(cniWayBack.observe(world, SUBJECT, params)).toEqual({ noted: true });
});

it('removes on the way back what the second network left, and keeps the first', async () => {
  const { context: alone, told } = fakeHost(world);
  const context = { ...alone, kube: () => Promise.resolve(ok(networkBench().api.kube)) };
  const undo = withUndo(() => cniWayBack)('undo:cni.way-back');
  const call = {
    run: 'r',
    action: 'cni.way-back/h1',
    params,
    former: { noted: true },
    overwrite: false,
    dataAgreed: false,
  };
  expect(await undo?.apply(context, call, undefined)).toEqual(ok({}));
  const data = told.order.filter((each) => each === 'change' || each.startsWith('guarded'));
  expect(data.length).toBeGreaterThanOrEqual(2);
});

it('takes from the node what agents of the second network have written there, and leaves what the first wrote', async () => {
  const { context } = fakeHost(world);
  const patched: unknown[] = [];
  const kube = {
    ...networkBench().api.kube,
    patch: (ref: unknown, body: unknown) => {
      patched.push([ref, body]);
      return Promise.resolve(ok({}));
    },
  };
  const node = (name: string) => ({
    name,
    networkAnnotations: ['labnet.drover.dev/block', 'flannel.alpha.coreos.com/backend-type'],
  });
  const cluster = { nodes: [node('h1'), node('h2')] } as never;
  const there = { ...context, world: { ...world, cluster }, kube: () => Promise.resolve(ok(kube as never)) };
  expect(await cniWayBack.revert?.(there, params, { noted: true })).toEqual(ok(undefined));
  expect(patched).toEqual([
    [
      { resource: expect.objectContaining({ plural: 'nodes' }) as object, name: 'h1' },
      { metadata: { annotations: { 'labnet.drover.dev/block': null } } },
    ],
  ]);
});

it('takes the copy away that a kept network had where K3s with Flannel looks', async () => {
  const { context: alone, told } = fakeHost(
    worldOf({
      traces: [],
      links: [],
      routes: { routes: [] },
      cni: { readFrom: [], files: [], binaries: [] },
      kubernetes: { installs: [], certificates: [], remains: [] },
    } as never),
  );
  const context = { ...alone, kube: () => Promise.resolve(ok(networkBench().api.kube)) };
  const kept = [{ driver: 'lab-daemonset' as const, mode: 'vxlan' as const }];
  expect(await cniWayBack.revert?.(context, { kept, ...ROOM }, { noted: true })).toEqual(ok(undefined));
  expect(told.scripts).toEqual([
    expect.stringContaining("'/var/lib/rancher/k3s/agent/etc/cni/net.d/05-labnet.conflist'") as string,
  ]);
});

it('recreates pods of its node that are still in the second network, and keeps those that nobody makes again', async () => {
  const bench = networkBench();
  const late = (name: string, node: 'a1' | 'a2', owner?: 'ReplicaSet') => {
    const made = pod(name, node, owner);
    bench.put({ ...made, status: { ...(made['status'] as object), podIP: '10.42.128.7' } });
  };
  late('web-1', 'a1', 'ReplicaSet');
  late('bare', 'a1');
  late('other', 'a2');
  bench.put(pod('here', 'a1'));
  const facts = world.hosts.get('h1');
  if (facts === undefined) throw new Error('no facts');
  const context = { ...bench.context('a1', 'undo'), world: { ...world, hosts: new Map([['a1', facts]]) } };
  expect(await cniWayBack.revert?.(context, params, { noted: true })).toEqual(ok(undefined));
  const pods = bench.pods('default').map((one) => `${nodeOf(one)} ${addressOf(one).replace(/\.\d+$/, '')}`);
  expect(pods.sort()).toEqual(['a1 10.42.1', 'a1 10.42.1', 'a1 10.42.1', 'a2 10.42.128']);
  expect(bench.told.filter((text) => text.startsWith('create Eviction'))).toHaveLength(2);
  expect(bench.told).not.toContain('create Eviction here');
});

describe('pods that hung on devices of the second network when the host was looked at', () => {
  const facts = world.hosts.get('h1');
  const sections = {
    ...facts?.sections,
    links: { value: [{ name: 'veth1', kind: 'veth', master: 'labnet.1' }] },
  };
  const hanging = { ...world, hosts: new Map([['h1', { ...facts, sections } as never]]) };
  const back = (devices: string) => {
    const { context: alone, told } = fakeHost(hanging);
    const read = (script: string) =>
      Promise.resolve(
        ok({ status: 0, stdout: script.includes('/sys/class/net') ? devices : '', stderr: '' }),
      );
    const context = { ...alone, on: (host: string) => ({ ...alone.on(host), read }) };
    const kube = () => Promise.resolve(ok(networkBench().api.kube));
    return { told, done: cniWayBack.revert?.({ ...context, kube }, params, { noted: true }) };
  };

  it('hold nothing up once they have been recreated', async () => {
    const { told, done } = back('');
    expect(await done).toEqual(ok(undefined));
    expect(told.order).toContain('confirm');
  });

  it('are not cut off where a device is still there', async () => {
    const { told, done } = back('veth1\n');
    expect(await done).toMatchObject({ error: { class: 'person', code: 'cni-pods-left', cause: 'veth1' } });
    expect(told.scripts).toEqual([]);
  });
});
