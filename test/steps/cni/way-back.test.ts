import { expect, it } from 'vitest';
import { ok } from '../../../src/core/result.js';
import { withUndo } from '../../../src/run/rollback/undo-step.js';
import { cniWayBack } from '../../../src/steps/cni/way-back.js';
import { fakeHost, SUBJECT, worldOf } from '../host/world.js';

const params = { kept: [{ driver: 'flannel-k3s' as const, mode: 'vxlan' as const }] };

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
  const { context, told } = fakeHost(world);
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
  const { context, told } = fakeHost(
    worldOf({
      traces: [],
      links: [],
      routes: { routes: [] },
      cni: { readFrom: [], files: [], binaries: [] },
      kubernetes: { installs: [], certificates: [], remains: [] },
    } as never),
  );
  const kept = [{ driver: 'lab-daemonset' as const, mode: 'vxlan' as const }];
  expect(await cniWayBack.revert?.(context, { kept }, { noted: true })).toEqual(ok(undefined));
  expect(told.scripts).toEqual([
    expect.stringContaining("'/var/lib/rancher/k3s/agent/etc/cni/net.d/05-labnet.conflist'") as string,
  ]);
});
