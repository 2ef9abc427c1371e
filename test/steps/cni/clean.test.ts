import { describe, expect, it } from 'vitest';
import { err } from '../../../src/core/result.js';
import { cniClean } from '../../../src/steps/cni/clean.js';
import { fakeHost, SUBJECT, seeing, type Values, worldOf } from '../host/world.js';

const KEPT = { kept: [{ driver: 'flannel-k3s' as const, mode: 'vxlan' as const }] };

const values = (part: Values = {}): Values => ({
  traces: [
    { owner: 'calico', kind: 'chain', name: 'cali-FORWARD', detail: 'nft filter' },
    { owner: 'calico', kind: 'chain', name: 'cali-POSTROUTING', detail: 'legacy nat' },
    { owner: 'calico', kind: 'link', name: 'vxlan.calico' },
    { owner: 'flannel', kind: 'link', name: 'flannel.1' },
  ],
  links: [],
  routes: { routes: [], rules: [] },
  cni: { readFrom: [], files: [], binaries: [] },
  kubernetes: { installs: [], certificates: [], remains: [] },
  ...part,
});

const observe = (part: Values = {}) => cniClean.observe(worldOf(values(part)), SUBJECT, KEPT);

describe('cleaning a host', () => {
  it('names what goes of each network, and nothing of the network that is kept', () => {
    expect(cniClean.diff(observe(), KEPT)).toEqual([
      {
        kind: 'remove',
        what: 'calico: 2 chains in nft filter, legacy nat',
        before: 'cali-FORWARD and cali-POSTROUTING',
      },
      { kind: 'remove', what: 'calico: 1 device', before: 'vxlan.calico' },
    ]);
  });

  it('knows what the lab’s own network makes, by its name and the protocol of its routes', () => {
    const traces: Values['traces'] = [
      { owner: 'lab', kind: 'link', name: 'labnet.1' },
      { owner: 'lab', kind: 'link', name: 'labnet0' },
      { owner: 'lab', kind: 'route', name: '10.42.129.0/24 via 10.42.129.0 dev labnet.1 proto 73 onlink' },
      { owner: 'lab', kind: 'route', name: 'unreachable 10.42.128.0/24 proto 73 metric 4096' },
      { owner: 'lab', kind: 'nft-table', name: 'ip labnet' },
      { owner: 'lab', kind: 'file', name: '/var/lib/labnet' },
    ];
    expect(cniClean.diff(observe({ traces }), KEPT).map((change) => change.kind)).toEqual(
      Array.from({ length: 4 }, () => 'remove'),
    );
    expect(observe({ traces })?.things).toHaveLength(traces.length);
    const kept = { kept: [...KEPT.kept, { driver: 'lab-daemonset' as const, mode: 'vxlan' as const }] };
    expect(cniClean.observe(worldOf(values({ traces })), SUBJECT, kept)?.things).toEqual([]);
  });

  it('takes rules of the controller of NetworkPolicies alone where that is asked, whatever pods hang on', () => {
    const part: Values = {
      traces: [
        { owner: 'kube-router', kind: 'chain', name: 'KUBE-ROUTER-FORWARD', detail: 'nft filter' },
        { owner: 'kube-router', kind: 'ipset', name: 'KUBE-SRC-ABC' },
        { owner: 'calico', kind: 'link', name: 'cali12ab34cd56e' },
      ],
      links: [{ name: 'cali12ab34cd56e', kind: 'veth', mtu: 1450, up: true, addresses: [] }],
    };
    const off = { ...KEPT, policies: false, only: 'policies' as const };
    const state = cniClean.observe(worldOf(values(part)), SUBJECT, off);
    expect(cniClean.diff(state, off)).toEqual([
      { kind: 'remove', what: 'kube-router: 1 chain in nft filter', before: 'KUBE-ROUTER-FORWARD' },
      { kind: 'remove', what: 'kube-router: 1 ipset', before: 'KUBE-SRC-ABC' },
    ]);
    expect(cniClean.observe(worldOf(values(part)), SUBJECT, KEPT)?.things).toHaveLength(1);
  });

  it('has nothing to do where nothing was left, and says when it cannot see', () => {
    expect(cniClean.diff(observe({ traces: [] }), KEPT)).toEqual([]);
    const blind = cniClean.observe(worldOf({ traces: [] }), SUBJECT, KEPT);
    expect(blind).toBeUndefined();
    expect(cniClean.diff(blind, KEPT)).toMatchObject([{ kind: 'unknown' }]);
  });

  it('keeps everything before it removes anything', async () => {
    const { told, context } = fakeHost(worldOf(values()));
    expect(await cniClean.apply(context, KEPT, observe())).toEqual({ ok: true, value: {} });
    expect(told.scripts).toHaveLength(2);
    expect(told.scripts[0]).toContain('save_script cni');
    expect(told.scripts[1]).toContain('--noflush');
    expect(told.order).toEqual(['change', 'guarded 120', 'confirm']);
  });

  it('fails when nobody can log in afterwards: the host puts everything back by itself', async () => {
    const { context } = fakeHost(worldOf(values()));
    const lockedOut = { class: 'permanent', code: 'host-locked-out', message: 'no' } as const;
    const on = () => ({ ...context.on('h1'), confirm: () => Promise.resolve(err(lockedOut)) });
    expect(await cniClean.apply({ ...context, on }, KEPT, observe())).toEqual({
      ok: false,
      error: lockedOut,
    });
  });

  it('warns of pods that would be cut off, and then removes nothing', async () => {
    const pods: Values = {
      traces: [{ owner: 'calico', kind: 'link', name: 'cali12ab34cd56e' }],
      links: [{ name: 'cali12ab34cd56e', kind: 'veth', mtu: 1450, up: true, addresses: [] }],
    };
    const state = observe(pods);
    expect(cniClean.diff(state, KEPT)[0]).toMatchObject({ kind: 'warn' });
    const { told, context } = fakeHost(worldOf(values(pods)));
    expect(await cniClean.apply(context, KEPT, state)).toMatchObject({
      ok: false,
      error: { class: 'person', code: 'cni-pods-left' },
    });
    expect(told.scripts).toEqual([]);
  });

  it('gives a file that Cilium renamed its name back where the runtime reads it', () => {
    const dir = '/var/lib/rancher/k3s/agent/etc/cni/net.d';
    const path = `${dir}/10-flannel.conflist.cilium_bak`;
    const cni = (file: string) => ({
      readFrom: [{ runtime: 'k3s', confDir: dir, binDir: '/opt/cni/bin', source: 'config.toml' }],
      files: [{ path }, { path: file }],
      binaries: [],
    });
    const traces: Values['traces'] = [{ owner: 'flannel', kind: 'file', name: path }];
    expect(cniClean.diff(observe({ traces, cni: cni('/etc/other') }), KEPT)).toMatchObject([
      { kind: 'change', what: 'cilium: 1 renamed file' },
    ]);
    expect(cniClean.diff(observe({ traces, cni: cni(`${dir}/10-flannel.conflist`) }), KEPT)).toMatchObject([
      { kind: 'remove', what: 'cilium: 1 file' },
    ]);
  });

  it('is proven by looking on the host, and fails with what is still there', async () => {
    const world = worldOf(values());
    expect(await cniClean.verify(seeing(world, ''), KEPT)).toMatchObject({ ok: true });
    expect(await cniClean.verify(seeing(world, 'link\t-\t-\tvxlan.calico\n'), KEPT)).toMatchObject({
      ok: false,
      error: { cause: 'link - - vxlan.calico' },
    });
  });
});
