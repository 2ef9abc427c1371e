import { describe, expect, it } from 'vitest';
import type { CollectorId, HostFacts } from '../../src/facts/model/host-facts.js';
import { stableDigest } from '../../src/facts/stable.js';

const hostWith = (values: Partial<Record<CollectorId, unknown>>): HostFacts => ({
  name: 'server-1',
  address: '10.0.0.11',
  role: 'server',
  contact: { state: 'reached', connectMs: 1 },
  sections: Object.fromEntries(
    Object.entries(values).map(([id, value]) => [id, { at: '2026-01-01T00:00:00.000Z', value }]),
  ),
});

const sysctlsOf = (sysctls: Readonly<Record<string, string>>, sharedKernel: boolean): string =>
  stableDigest(hostWith({ sysctls, os: { sharedKernel } }), 'sysctls');

describe('the stable part of kernel parameters', () => {
  const before = { 'net.ipv4.ip_forward': '0', 'fs.inotify.max_user_instances': '128' };

  it('moves when a parameter of the host moves', () => {
    expect(sysctlsOf({ ...before, 'net.ipv4.ip_forward': '1' }, true)).not.toBe(sysctlsOf(before, true));
    expect(sysctlsOf({ ...before, 'fs.inotify.max_user_instances': '464' }, false)).not.toBe(
      sysctlsOf(before, false),
    );
  });

  it('does not move over what a lab host shares with other labs', () => {
    expect(sysctlsOf({ ...before, 'fs.inotify.max_user_instances': '464' }, true)).toBe(
      sysctlsOf(before, true),
    );
  });

  it('does not move over interfaces of pods, which come and go', () => {
    const pods = { 'net.ipv4.conf.veth12ab.rp_filter': '0', 'net.ipv4.conf.eth0/100.rp_filter': '1' };
    expect(sysctlsOf({ ...before, ...pods }, false)).toBe(sysctlsOf(before, false));
    expect(sysctlsOf({ ...before, 'net.ipv4.conf.all.rp_filter': '2' }, false)).not.toBe(
      sysctlsOf(before, false),
    );
  });
});

describe('the stable part of other facts', () => {
  it('leaves out what changes by itself, at any depth', () => {
    const disks = (availableKiB: number) => hostWith({ disks: [{ mount: '/', sizeKiB: 9, availableKiB }] });
    expect(stableDigest(disks(1), 'disks')).toBe(stableDigest(disks(2), 'disks'));
  });

  it('tells what was not observed from what was', () => {
    expect(stableDigest(undefined, 'disks')).toBe('absent');
    expect(stableDigest(hostWith({}), 'disks')).toBe('absent');
    expect(stableDigest(hostWith({ memory: {} }), 'memory')).toBe('volatile');
  });
});
