import { describe, expect, it } from 'vitest';
import { fits, overriding } from '../../../src/steps/host/boot-sysctls.js';

const OWN = '/etc/sysctl.d/90-drover.conf';
const wanted = {
  'net.ipv4.ip_forward': { value: '1', least: false },
  'fs.file-max': { value: '100', least: true },
};
const at = (file: string, key = 'net.ipv4.ip_forward', value = '0') => [{ file, key, value }];

describe('overriding', () => {
  it.each([
    ['/etc/sysctl.d/99-site.conf', true],
    ['/usr/lib/sysctl.d/99-vendor.conf', true],
    ['/etc/sysctl.conf', true],
    ['/etc/sysctl.d/10-site.conf', false],
    ['/usr/lib/sysctl.d/50-default.conf', false],
    [OWN, false],
  ])('%s comes after Drover’s own file: %s', (file, later) => {
    expect(overriding(at(file), OWN, wanted).length > 0).toBe(later);
  });

  it('is silent about settings that want the same, or more where more is welcome', () => {
    const file = '/etc/sysctl.d/99-site.conf';
    expect(overriding(at(file, 'net.ipv4.ip_forward', ' 1 '), OWN, wanted)).toEqual([]);
    expect(overriding(at(file, 'fs.file-max', '200'), OWN, wanted)).toEqual([]);
    expect(overriding(at(file, 'fs.file-max', '50'), OWN, wanted)).toHaveLength(1);
  });

  it('understands patterns', () => {
    const rp = { 'net.ipv4.conf.eth0.rp_filter': { value: '2', least: false } };
    const file = '/etc/sysctl.d/99-site.conf';
    expect(overriding(at(file, 'net.ipv4.conf.*.rp_filter', '1'), OWN, rp)).toHaveLength(1);
    expect(overriding(at(file, 'net.ipv4.conf.*.accept_ra', '1'), OWN, rp)).toEqual([]);
  });
});

describe('fits', () => {
  it('compares lists by their words and limits by their size', () => {
    expect(fits('32768\t60999', { value: '32768 60999', least: false })).toBe(true);
    expect(fits('9', { value: '10', least: true })).toBe(false);
    expect(fits('100', { value: '20', least: true })).toBe(true);
    expect(fits(null, { value: '0', least: true })).toBe(false);
  });
});
