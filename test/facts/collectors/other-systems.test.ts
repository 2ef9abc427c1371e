import { describe, expect, it } from 'vitest';
import { parse } from './parse.js';

describe('Ubuntu', () => {
  it('24.04 waits for a reboot into a newer kernel', () => {
    const os = parse(
      'os',
      `@@ release
NAME="Ubuntu"
PRETTY_NAME="Ubuntu 24.04.3 LTS"
VERSION_ID="24.04"
ID=ubuntu
ID_LIKE=debian
@@ kernel
6.8.0-79-generic
@@ arch
x86_64
@@ virt
kvm
@@ init
systemd
@@ boot
11111111-2222-3333-4444-555555555555
86400.12 170000.00
@@ reboot
@@ installed
6.8.0-79-generic
6.8.0-101-generic
`,
    );
    expect(os).toMatchObject({
      idLike: ['debian'],
      versionId: '24.04',
      sharedKernel: false,
      rebootPending: 'kernel 6.8.0-79-generic runs, 6.8.0-101-generic is installed',
    });
  });

  it('22.04 resolves through the stub of systemd-resolved', () => {
    const resolver = parse(
      'resolver',
      `@@ conf
# This is /run/systemd/resolve/stub-resolv.conf managed by man:systemd-resolved(8).
nameserver 127.0.0.53
options edns0 trust-ad
search .
@@ symlink
../run/systemd/resolve/stub-resolv.conf
@@ flags
@@ upstream
nameserver 185.12.64.1
nameserver 2a01:4ff:ff00::add:1
@@ hosts
127.0.1.1 k3s-1 # cloud-init
@@ lookups
. 127.0.0.53 NOERROR 3.1 13
. 185.12.64.1 SERVFAIL 8.0 0
. 2a01:4ff:ff00::add:1 timeout - -
`,
    );
    expect(resolver).toMatchObject({
      owner: 'systemd-resolved-stub',
      upstream: ['185.12.64.1', '2a01:4ff:ff00::add:1'],
      lookups: [
        { server: '127.0.0.53', ok: true, ms: 3.1, detail: 'NOERROR, answers: 13' },
        { ok: false, detail: 'SERVFAIL, answers: 0' },
        { ok: false, detail: 'no answer within 2 s' },
      ],
      hostsEntries: [{ address: '127.0.1.1', names: ['k3s-1'] }],
    });
  });

  it('has ufw active when its chains are in the kernel', () => {
    const firewall = parse(
      'firewall',
      `@@ ufw-program
/usr/sbin/ufw
@@ ufw-default
DEFAULT_INPUT_POLICY="DROP"
@@ ufw-rules
### tuple ### allow tcp 22 0.0.0.0/0 any 0.0.0.0/0 in
@@ iptables
iptables v1.8.10 (nf_tables)
@@ nft-ip
*filter
:INPUT DROP [0:0]
:ufw-before-input - [0:0]
-A INPUT -j ufw-before-input
-A ufw-before-input -m conntrack --ctstate INVALID -j DROP
COMMIT
`,
    );
    expect(firewall.ufw).toEqual({
      installed: true,
      active: true,
      defaultInput: 'drop',
      rules: ['allow tcp 22 0.0.0.0/0 any 0.0.0.0/0 in'],
    });
    expect(firewall.drops).toHaveLength(1);
  });

  it('finds an immutable resolv.conf', () => {
    const text =
      '@@ conf\nnameserver 10.0.0.53\n@@ symlink\n@@ flags\n----i---------e------- /etc/resolv.conf\n';
    expect(parse('resolver', text)).toMatchObject({ immutable: true, owner: 'static' });
  });
});

describe('systems of the RHEL family', () => {
  it('are known by their release, and firewalld by its zones', () => {
    const release =
      '@@ release\nID="rocky"\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.6"\nPRETTY_NAME="Rocky Linux 9.6"\n@@ kernel\n5.14.0-570.el9.x86_64\n@@ virt\nkvm\n';
    expect(parse('os', release)).toMatchObject({ id: 'rocky', idLike: ['rhel', 'centos', 'fedora'] });
    const firewall =
      '@@ firewalld-program\n/usr/sbin/firewalld\n@@ firewalld-active\nactive\n@@ zones\npublic\n  interfaces: eth0\n@@ iptables\niptables v1.8.10 (legacy)\n';
    expect(parse('firewall', firewall)).toMatchObject({
      firewalld: { installed: true, active: true, zones: ['public'] },
      iptables: { backend: 'legacy' },
    });
  });

  it('enforce SELinux', () => {
    expect(parse('security', '@@ selinux\n1\n@@ apparmor\n@@ lockdown\n[none] integrity\n')).toEqual({
      selinux: 'enforcing',
      apparmor: false,
      lockdown: 'none',
    });
  });
});

describe('an older ipset', () => {
  it('says which sets it cannot read', () => {
    const text = `@@ help
ipset v7.10

Supported set types:
    hash:ip		5	bucketsize, initval support
    hash:ip		4	skbinfo support
@@ list
ipset v7.10: Kernel and userspace incompatible: settype hash:ip with revision 6 not supported by userspace.
`;
    expect(parse('ipsets', text)).toMatchObject({
      version: '7.10',
      supported: { 'hash:ip': 5 },
      unreadable: expect.stringContaining('revision 6 not supported by userspace') as string,
    });
  });

  it('is asked for one set after another when one of them ends its list', () => {
    const text = `@@ help
ipset v7.10
@@ list
Name: cali40all-ipam-pools
Type: hash:net
Revision: 6
ipset v7.10: Kernel and userspace incompatible: settype hash:ip with revision 6 not supported by userspace.
@@ each
Name: cali40this-host
ipset v7.10: Kernel and userspace incompatible: settype hash:ip with revision 6 not supported by userspace.
Name: cali40all-ipam-pools
Type: hash:net
Revision: 7
References: 2
Number of entries: 1
`;
    expect(parse('ipsets', text)).toMatchObject({
      unreadable: expect.stringContaining('hash:ip') as string,
      sets: [
        { name: 'cali40this-host', type: 'hash:ip', revision: 6, references: 0 },
        { name: 'cali40all-ipam-pools', type: 'hash:net', revision: 7, references: 2, entries: 1 },
      ],
    });
  });
});

describe('hosts with few programs', () => {
  it('show interfaces through an ip without JSON', () => {
    const text = `@@ json
@@ text
1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN
    inet 127.0.0.1/8 scope host lo
2: ens10@if3: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1450 qdisc fq master br0 state UP
    link/ether 86:00:00:12:34:56 brd ff:ff:ff:ff:ff:ff
    inet 10.0.0.2/32 brd 10.0.0.2 scope global ens10
    inet6 fe80::1/64 scope link
`;
    expect(parse('links', text)).toEqual([
      {
        name: 'ens10',
        mac: '86:00:00:12:34:56',
        mtu: 1450,
        up: true,
        master: 'br0',
        addresses: [
          { address: '10.0.0.2', prefix: 32, family: 'inet', scope: 'global' },
          { address: 'fe80::1', prefix: 64, family: 'inet6', scope: 'link' },
        ],
      },
    ]);
  });

  it('show ports through /proc', () => {
    const text = `@@ tcp
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:192B 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1
   1: 0100007F:0016 0200007F:9999 01 00000000:00000000 00:00000000 00000000     0        0 2
   0: 00000000000000000000000000000000:0016 00000000000000000000000000000000:0000 0A 0:0 0:0 0 0 0 3
@@ udp
   0: 00000000:2118 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 4
`;
    expect(parse('ports', text)).toEqual([
      { protocol: 'tcp', address: '127.0.0.1', port: 6443 },
      { protocol: 'tcp', address: '::', port: 22 },
      { protocol: 'udp', address: '0.0.0.0', port: 8472 },
    ]);
  });
});

describe('the kernel', () => {
  it('tells loaded, built in, loadable and absent features', () => {
    const text = `@@ loaded
overlay
@@ builtin
kernel/net/ipv4/ip_tables.ko
@@ loadable
kernel/drivers/net/vxlan/vxlan.ko.xz
@@ options
CONFIG_VXLAN=m
CONFIG_NET_IPIP=m
CONFIG_VETH=y
@@ symbols
@@ btf
/sys/kernel/btf/vmlinux
@@ messages
[ 12.3] UDP: bad checksum. From 10.0.0.1:1 to 10.0.0.2:8472 ulen 58
`;
    const { features, btf, messages } = parse('kernel', text);
    expect(features).toMatchObject({
      overlay: 'loaded',
      ip_tables: 'builtin',
      vxlan: 'loadable',
      // Promised by the configuration, but its file is not there (kernel-modules-extra).
      ipip: 'absent',
      veth: 'builtin',
      wireguard: 'absent',
    });
    expect(btf).toBe(true);
    expect(messages).toMatchObject([{ kind: 'bad-checksum' }]);
  });
});

describe('the clock', () => {
  it('is compared in the middle of the round trip, without what ran after it', () => {
    const text = '@@ now\n1000.500\n@@ show\nNTPSynchronized=no\nTimezone=Europe/Paris\n@@ after\n1000.600\n';
    const clock = parse('clock', text, { sentAt: 1_000_000, receivedAt: 1_000_200 });
    // Half of the 100 ms that are not explained by the host's own work.
    expect(clock).toMatchObject({
      skewMs: 450,
      uncertaintyMs: 50,
      synchronized: false,
      timezone: 'Europe/Paris',
    });
  });

  it('is known to half a second where date has no fractions', () => {
    const clock = parse('clock', '@@ now\n1000.%N\n@@ after\n1000.%N\n', { sentAt: 1e6, receivedAt: 1e6 });
    expect(clock).toMatchObject({ skewMs: 500, uncertaintyMs: 500 });
  });
});

describe('disks', () => {
  it('tell which file system holds a path, and whether it is read-only', () => {
    const text = `@@ paths
/
/var/lib/rancher
@@ blocks
Filesystem     1024-blocks    Used Available Capacity Mounted on
/dev/sda1         38000000 9000000  27000000      25% /
/dev/sdb          10000000 9900000    100000      99% /var/lib/rancher
@@ inodes
Filesystem      Inodes  IUsed   IFree IUse% Mounted on
/dev/sda1      2400000 100000 2300000    5% /
/dev/sdb        600000 599000    1000  100% /var/lib/rancher
@@ mounts
/dev/sda1 / ext4 rw,relatime 0 0
/dev/sdb /var/lib/rancher xfs ro,relatime 0 0
`;
    expect(parse('disks', text)[1]).toEqual({
      path: '/var/lib/rancher',
      mount: '/var/lib/rancher',
      device: '/dev/sdb',
      type: 'xfs',
      totalKiB: 10_000_000,
      availableKiB: 100_000,
      inodes: 600_000,
      inodesFree: 1000,
      readOnly: true,
    });
  });
});

describe('units', () => {
  it('list those that exist', () => {
    const text =
      'Id=ssh.service\nLoadState=loaded\nActiveState=active\nUnitFileState=enabled\n\nId=ufw.service\nLoadState=not-found\nActiveState=inactive\nUnitFileState=\n';
    expect(parse('units', text)).toEqual({ ssh: { active: 'active', enabled: 'enabled' } });
  });
});
