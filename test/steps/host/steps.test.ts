import { describe, expect, it } from 'vitest';
import { sha256 } from '../../../src/core/canonical.js';
import type { CollectorValue } from '../../../src/facts/model/host-facts.js';
import { hostHostname } from '../../../src/steps/host/hostname.js';
import { hostHostsFile } from '../../../src/steps/host/hosts-file.js';
import { hostModules } from '../../../src/steps/host/modules.js';
import { hostPackages } from '../../../src/steps/host/packages.js';
import { hostResolvers } from '../../../src/steps/host/resolvers.js';
import { hostSwap } from '../../../src/steps/host/swap.js';
import { hostTime } from '../../../src/steps/host/time.js';
import type { AnyStep } from '../../../src/steps/step.js';
import { fakeHost, SUBJECT, seeing, type Values, worldOf } from './world.js';

const diff = (step: AnyStep, params: unknown, values: Values, shared = false) =>
  step.diff(step.observe(worldOf(values, shared), SUBJECT, params), params);

const apply = async (step: AnyStep, params: unknown, values: Values, reading = '') => {
  const world = worldOf(values);
  const { told, context } = fakeHost(world, reading);
  return { told, result: await step.apply(context, params, step.observe(world, SUBJECT, params)) };
};

const file = (content: string): CollectorValue<'files'>[string] => ({
  size: content.length,
  mode: '0644',
  owner: 'root:root',
  immutable: false,
  digest: sha256(content),
});

const resolver = (part: Partial<CollectorValue<'resolver'>>): CollectorValue<'resolver'> => ({
  nameservers: [],
  search: [],
  options: [],
  owner: 'static',
  immutable: false,
  upstream: [],
  lookups: [],
  hostsEntries: [],
  ...part,
});

describe('every step of host preparation', () => {
  it.each<[AnyStep, unknown]>([
    [hostSwap, {}],
    [hostModules, { modules: ['overlay'] }],
    [hostHostsFile, { hosts: { h1: '10.0.0.1' } }],
    [hostHostname, { name: 'h1' }],
    [hostResolvers, { servers: ['1.1.1.1'], search: [], immutable: false }],
    [hostPackages, { packages: ['jq'] }],
    [hostTime, { sync: true, servers: [], timezone: null }],
  ])('%o says that nothing is known when nothing was observed', (step, params) => {
    const empty = { hosts: new Map() };
    expect(step.observe(empty, SUBJECT, params)).toBeUndefined();
    for (const { kind } of step.diff(undefined, params)) expect(kind).toBe('unknown');
  });
});

describe('host.swap', () => {
  const swap = {
    totalKiB: 1,
    active: [{ device: '/dev/vda2', sizeKiB: 1 }],
    fstab: ['/dev/vda2 none swap sw 0 0'],
    zram: true,
  };
  const units = { zramswap: { active: 'active', enabled: 'enabled' } };

  it('takes devices, fstab and services into account', () => {
    expect(diff(hostSwap, {}, { swap, units }).map(({ what }) => what)).toEqual([
      'swapoff /dev/vda2',
      '/etc/fstab',
      'zramswap.service',
    ]);
  });

  it('leaves the swap of a shared kernel to its owner', () => {
    expect(diff(hostSwap, {}, { swap, units: {} }, true).map(({ what }) => what)).toEqual(['/etc/fstab']);
  });
});

describe('host.modules', () => {
  const params = { modules: ['overlay', 'vxlan'] };
  const files = { '/etc/modules-load.d/drover.conf': file('# Written by Drover\noverlay\nvxlan\n') };
  const kernel = (vxlan: 'loadable' | 'loaded' | 'builtin') => ({
    features: { overlay: 'builtin' as const, vxlan },
    btf: true,
    messages: [],
  });

  it('loads what is not there yet', () => {
    expect(diff(hostModules, params, { files, kernel: kernel('loadable') })).toEqual([
      { kind: 'run', what: 'modprobe vxlan' },
    ]);
    expect(diff(hostModules, params, { files, kernel: kernel('loaded') })).toEqual([]);
    expect(diff(hostModules, params, { files, kernel: kernel('loadable') }, true)).toEqual([]);
  });

  it('says in its proof that a shared kernel is not proven', async () => {
    const shared = await hostModules.verify(seeing(worldOf({}, true), ''), params);
    expect(shared.ok && shared.value.text).toContain('shared kernel');
    const own = await hostModules.verify(seeing(worldOf({}), 'vxlan is not loaded\n'), params);
    expect(own).toMatchObject({ ok: false, error: { message: 'h1: vxlan is not loaded' } });
  });
});

describe('host.hosts-file', () => {
  const params = { hosts: { h1: '10.0.0.1', h2: '10.0.0.2' } };

  it('wants its block and no other address for a host of the cluster', () => {
    const hostsEntries = [
      { address: '127.0.1.1', names: ['h1.lan', 'h1'] },
      { address: '10.0.0.2', names: ['h2'] },
      { address: '10.0.0.1', names: ['h1'], managed: true as const },
      { address: '10.0.0.3', names: ['h3'], managed: true as const },
    ];
    expect(diff(hostHostsFile, params, { resolver: resolver({ hostsEntries }) })).toEqual([
      { kind: 'add', what: '/etc/hosts', after: '10.0.0.2 h2' },
      { kind: 'remove', what: '/etc/hosts', before: '10.0.0.3 h3' },
      { kind: 'change', what: '/etc/hosts', before: '127.0.1.1 h1', after: 'taken out' },
    ]);
  });

  it('is proven by resolving, not by the file', async () => {
    const verify = (text: string) => hostHostsFile.verify(seeing(worldOf({}), text), params);
    expect(await verify('h1 10.0.0.1\nh2 10.0.0.2\n')).toMatchObject({ ok: true });
    expect(await verify('h1 127.0.1.1 10.0.0.1\nh2 10.0.0.2\n')).toMatchObject({ ok: false });
  });
});

describe('host.hostname', () => {
  const identity = {
    hostname: 'old',
    staticHostname: 'old',
    machineId: 'm',
    hostnameResolvesTo: [],
    sshHostKeys: [],
  };

  it('keeps cloud-init from putting its own name back', async () => {
    const files = { '/etc/cloud/cloud.cfg': file('x') };
    const { told } = await apply(hostHostname, { name: 'h1' }, { identity, files });
    expect(told.files.map(({ path }) => path)).toEqual([
      '/etc/hostname',
      '/etc/cloud/cloud.cfg.d/99-drover.cfg',
    ]);
  });

  it('fails its proof when the name leads to loopback', async () => {
    const verify = (text: string) => hostHostname.verify(seeing(worldOf({}), text), { name: 'h1' });
    expect(await verify('h1\nh1\n10.0.0.1\n')).toMatchObject({ ok: true });
    expect(await verify('h1\nh1\n127.0.1.1\n')).toMatchObject({ ok: false });
    expect(await verify('h1\nold\n10.0.0.1\n')).toMatchObject({ ok: false });
  });
});

describe('host.resolvers', () => {
  const servers = ['1.1.1.1', '8.8.8.8'];
  const answers = '1.1.1.1 NOERROR 3.0 13\n8.8.8.8 NXDOMAIN 4.0 0\n';
  const stub = {
    files: { '/etc/resolv.conf': { ...file(''), link: '../run/systemd/resolve/stub-resolv.conf' } },
    resolver: resolver({ owner: 'systemd-resolved-stub' }),
  };

  it('replaces systemd-resolved’s link when the file shall be immutable', async () => {
    const params = { servers, search: [], immutable: true };
    expect(diff(hostResolvers, params, stub)).toEqual([
      {
        kind: 'replace',
        what: '/etc/resolv.conf',
        before: '→ ../run/systemd/resolve/stub-resolv.conf',
        after: 'a plain file',
      },
    ]);
    const { told } = await apply(hostResolvers, params, stub, answers);
    expect(told.files).toEqual([
      {
        path: '/etc/resolv.conf',
        content: '# Written by Drover\nnameserver 1.1.1.1\nnameserver 8.8.8.8\n',
        mode: '0644',
        owner: 'root:root',
        immutable: true,
      },
    ]);
  });

  it('tells systemd-resolved otherwise', async () => {
    const { told } = await apply(
      hostResolvers,
      { servers, search: ['lan'], immutable: false },
      stub,
      answers,
    );
    expect(told.files[0]?.path).toBe('/etc/systemd/resolved.conf.d/50-drover.conf');
    expect(told.files[0]?.content).toContain('DNS=1.1.1.1 8.8.8.8\nFallbackDNS=\nDomains=~. lan\n');
  });

  it('changes nothing when a server does not answer', async () => {
    const params = { servers, search: [], immutable: true };
    const { told, result } = await apply(
      hostResolvers,
      params,
      stub,
      '1.1.1.1 NOERROR 3.0 13\n8.8.8.8 timeout - -\n',
    );
    expect(result).toMatchObject({ ok: false, error: { code: 'resolver-no-answer' } });
    expect(told.order).toEqual([]);
  });

  it('leaves a file to a person that somebody else would write again', async () => {
    const values = { files: {}, resolver: resolver({ owner: 'network-manager' }) };
    const { result } = await apply(hostResolvers, { servers, search: [], immutable: false }, values, answers);
    expect(result).toMatchObject({ ok: false, error: { class: 'person' } });
  });
});

describe('host.packages', () => {
  const packages = (part: Partial<CollectorValue<'packages'>>): CollectorValue<'packages'> => ({
    manager: 'apt',
    broken: false,
    programs: {},
    unattendedUpgrades: false,
    installed: ['curl'],
    ...part,
  });

  it('installs only what is missing, and says whom it waits for', async () => {
    const wanted = { packages: ['curl', 'jq=1.7', 'zstd:amd64'] };
    const values = { packages: packages({ lockedBy: 'apt-get (pid 7)' }) };
    expect(diff(hostPackages, wanted, values).map(({ what }) => what)).toEqual([
      'package jq=1.7',
      'package zstd:amd64',
    ]);
    const { told } = await apply(hostPackages, wanted, values);
    expect(told.order[0]).toContain('apt-get (pid 7)');
    expect(told.scripts[0]).toContain("set -- 'jq=1.7' 'zstd:amd64'");
  });

  it('leaves other package managers to a person', async () => {
    const { result } = await apply(
      hostPackages,
      { packages: ['jq'] },
      { packages: packages({ manager: 'dnf' }) },
    );
    expect(result).toMatchObject({ ok: false, error: { class: 'person', code: 'step-not-here' } });
  });
});

describe('host.time', () => {
  const clock = { skewMs: 0, uncertaintyMs: 1, services: [], timezone: 'Etc/UTC' };
  const on = { active: 'active', enabled: 'enabled' };
  const params = { sync: true, servers: ['10.0.0.123'], timezone: null };

  it('respects the service that is there', async () => {
    const values = {
      clock,
      files: {},
      units: { chrony: on, 'systemd-timesyncd': { active: 'inactive', enabled: 'masked' } },
    };
    const { told } = await apply(hostTime, params, values);
    expect(told.files[0]).toMatchObject({
      path: '/etc/chrony/sources.d/drover.sources',
      content: '# Written by Drover\nserver 10.0.0.123 iburst\n',
    });
  });

  it('installs systemd-timesyncd where nothing keeps the clock', () => {
    expect(diff(hostTime, { ...params, servers: [] }, { clock, files: {}, units: {} })).toEqual([
      { kind: 'add', what: 'package systemd-timesyncd' },
    ]);
  });

  it('does not edit the configuration of services that have no drop-ins', async () => {
    const { result, told } = await apply(hostTime, params, { clock, files: {}, units: { ntpsec: on } });
    expect(result).toMatchObject({ ok: false, error: { class: 'person' } });
    expect(told.order).toEqual([]);
  });

  it('is proven by a running service, which a shared kernel cannot show', async () => {
    const verify = (text: string, shared: boolean) =>
      hostTime.verify(seeing(worldOf({}, shared), text), { ...params, timezone: 'Europe/Paris' });
    const stopped = 'systemd-timesyncd inactive\nzone Europe/Paris\nsynchronised no\n';
    expect(await verify(stopped, false)).toMatchObject({ ok: false });
    const shared = await verify(stopped, true);
    expect(shared.ok && shared.value.text).toContain('shared kernel');
    expect(await verify('systemd-timesyncd active\nzone UTC\n', false)).toMatchObject({ ok: false });
  });
});
