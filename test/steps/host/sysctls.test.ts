import { describe, expect, it } from 'vitest';
import { hostSysctls } from '../../../src/steps/host/sysctls.js';
import { fakeHost, SUBJECT, type Values, worldOf } from './world.js';

const OWN = '/etc/sysctl.d/90-drover.conf';
const params = { values: { 'net.ipv4.ip_forward': '1' }, least: { 'fs.inotify.max_user_watches': '1000' } };

const diff = (values: Values, shared = false) =>
  hostSysctls.diff(hostSysctls.observe(worldOf(values, shared), SUBJECT, params), params);

const own = (watches: string) => [
  { file: OWN, key: 'fs.inotify.max_user_watches', value: watches },
  { file: OWN, key: 'net.ipv4.ip_forward', value: '1' },
];

describe('host.sysctls', () => {
  it('has nothing to do where kernel and file hold what is wanted, or more', () => {
    const sysctls = { 'net.ipv4.ip_forward': '1', 'fs.inotify.max_user_watches': '5000' };
    expect(diff({ sysctls, 'sysctl-files': own('5000') })).toEqual([]);
  });

  it('does not lower what the host has more of', async () => {
    const world = worldOf({
      sysctls: { 'net.ipv4.ip_forward': '0', 'fs.inotify.max_user_watches': '5000' },
      'sysctl-files': [],
    });
    const { told, context } = fakeHost(world);
    await hostSysctls.apply(context, params, hostSysctls.observe(world, SUBJECT, params));
    expect(told.files[0]?.content).toBe(
      '# Written by Drover\nfs.inotify.max_user_watches = 5000\nnet.ipv4.ip_forward = 1\n',
    );
    expect(told.scripts.join()).not.toContain('max_user_watches');
  });

  it('writes the same file whatever others give a kernel that the host shares with them', async () => {
    const written = async (watches: string) => {
      const sysctls = { 'net.ipv4.ip_forward': '0', 'fs.inotify.max_user_watches': watches };
      const world = worldOf({ sysctls, 'sysctl-files': [] }, true);
      const { told, context } = fakeHost(world);
      await hostSysctls.apply(context, params, hostSysctls.observe(world, SUBJECT, params));
      return told.files[0]?.content;
    };
    expect(await written('5000')).toContain('max_user_watches = 1000\n');
    expect(await written('7000')).toBe(await written('5000'));
  });

  it('says which file would win at boot, and takes its line out', () => {
    const sysctls = { 'net.ipv4.ip_forward': '1', 'fs.inotify.max_user_watches': '1000' };
    const site = { file: '/etc/sysctl.d/99-site.conf', key: 'net.ipv4.ip_forward', value: '0' };
    expect(diff({ sysctls, 'sysctl-files': [...own('1000'), site] })).toEqual([
      { kind: 'change', what: site.file, before: 'net.ipv4.ip_forward = 0', after: 'commented out' },
    ]);
  });

  it('leaves files of packages to a person', async () => {
    const vendor = { file: '/usr/lib/sysctl.d/99-vendor.conf', key: 'net.ipv4.ip_forward', value: '0' };
    const world = worldOf({ sysctls: {}, 'sysctl-files': [vendor] });
    const { told, context } = fakeHost(world);
    const result = await hostSysctls.apply(context, params, hostSysctls.observe(world, SUBJECT, params));
    expect(result).toMatchObject({ ok: false, error: { class: 'person', code: 'step-not-here' } });
    expect(told.order).toEqual([]);
  });

  it('asks of a shared kernel only what is its host’s own', () => {
    const sysctls = { 'net.ipv4.ip_forward': '1', 'fs.inotify.max_user_watches': '128' };
    expect(diff({ sysctls, 'sysctl-files': own('1000') }, true)).toEqual([]);
    expect(diff({ sysctls, 'sysctl-files': own('1000') })).toHaveLength(1);
  });

  it('takes keys out of its file that are not wanted any more', () => {
    const sysctls = { 'net.ipv4.ip_forward': '1', 'fs.inotify.max_user_watches': '1000' };
    const files = [...own('1000'), { file: OWN, key: 'vm.swappiness', value: '10' }];
    expect(diff({ sysctls, 'sysctl-files': files })).toEqual([
      { kind: 'remove', what: OWN, before: 'vm.swappiness' },
    ]);
  });
});
