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

  it('versions of packages for their programs, and of others what they said themselves', () => {
    const told =
      '@@ installed\ncurl\niproute2\n@@ versions\ncurl 1:8.14.1-2+deb13u2\niproute2 6.15.0-1\nipset 7.22-1\n';
    const programs = '@@ programs\nsudo present\ncurl present\nip present\nnft present\n';
    const asked = '@@ program nft\nnftables v1.1.3 (Commodore Bullmoose #4)\n';
    expect(parse('packages', `@@ managers\napt\n${told}${programs}${asked}`).programs).toEqual({
      sudo: 'present',
      curl: '8.14.1',
      ip: '6.15.0',
      nft: '1.1.3',
    });
  });

  it('runtimes of packages and others', () => {
    const text =
      '@@ docker\npackage 5:28.5.1-1~debian.13~trixie\n@@ containerd\ncontainerd github.com/containerd/containerd v1.7.28 b98a3aa\n@@ units\n';
    expect(parse('runtimes', text).map(({ name, version }) => `${name} ${version}`)).toEqual([
      'docker 28.5.1',
      'containerd 1.7.28',
    ]);
  });

  it('installed packages, and whether ufw starts at boot', () => {
    const packages = parse('packages', '@@ managers\napt\n@@ installed\ncurl\njq\n@@ programs\n');
    expect(packages.installed).toEqual(['curl', 'jq']);
    expect(parse('firewall', '@@ ufw-conf\nENABLED=yes\n').ufw.enabled).toBe(true);
    expect(parse('firewall', '@@ ufw-conf\nENABLED=no\n').ufw.enabled).toBe(false);
  });
});
