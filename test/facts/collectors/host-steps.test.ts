import { describe, expect, it } from 'vitest';
import { parse } from './parse.js';

describe('what host steps need to see', () => {
  it('settings of the next boot, in the order in which they count, whatever separator their keys have', () => {
    const text = `@@ files
/etc/sysctl.d/20-b.conf
/usr/lib/sysctl.d/10-a.conf
/usr/lib/sysctl.d/20-b.conf
/etc/sysctl.conf
@@ lines
/usr/lib/sysctl.d/10-a.conf:net.ipv4.ip_forward=1
/usr/lib/sysctl.d/20-b.conf:vm.swappiness = 1
/etc/sysctl.d/20-b.conf:# vm.swappiness = 2
/etc/sysctl.d/20-b.conf:-net/ipv4/conf/eth0.100/rp_filter = 2
/etc/sysctl.conf:net.ipv4.ip_local_port_range = 32768\t60999
`;
    expect(parse('sysctl-files', text)).toEqual([
      { file: '/usr/lib/sysctl.d/10-a.conf', key: 'net.ipv4.ip_forward', value: '1' },
      { file: '/etc/sysctl.d/20-b.conf', key: 'net.ipv4.conf.eth0/100.rp_filter', value: '2' },
      { file: '/etc/sysctl.conf', key: 'net.ipv4.ip_local_port_range', value: '32768 60999' },
    ]);
  });

  it('which lines of /etc/hosts Drover keeps', () => {
    const text = `@@ hosts
127.0.0.1 localhost
# Begin of the hosts that Drover keeps
10.0.0.1 h1
# End of the hosts that Drover keeps
10.0.0.9 mine # not ours
`;
    expect(parse('resolver', text).hostsEntries).toEqual([
      { address: '127.0.0.1', names: ['localhost'] },
      { address: '10.0.0.1', names: ['h1'], managed: true },
      { address: '10.0.0.9', names: ['mine'] },
    ]);
  });

  it('the port of the session', () => {
    expect(parse('sudo', '@@ user\nroot\n@@ uid\n0\n@@ port\n2222\n')).toMatchObject({ sshPort: 2222 });
    expect(parse('sudo', '@@ user\nroot\n@@ uid\n0\n@@ port\n')).not.toHaveProperty('sshPort');
  });

  it('installed packages, and whether ufw starts at boot', () => {
    const packages = parse('packages', '@@ managers\napt\n@@ installed\ncurl\njq\n@@ programs\n');
    expect(packages.installed).toEqual(['curl', 'jq']);
    expect(parse('firewall', '@@ ufw-conf\nENABLED=yes\n').ufw.enabled).toBe(true);
    expect(parse('firewall', '@@ ufw-conf\nENABLED=no\n').ufw.enabled).toBe(false);
  });
});
