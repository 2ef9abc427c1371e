import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { DoctorReport } from '../../src/diagnosis/report.js';
import { codes, forwardAll, forwardBy, type VmLab, verdictOf, vmLab } from '../lab/support/vm-lab.js';

const LAB = 'long-vm-doctor';

let lab: VmLab;
beforeAll(async () => {
  lab = await vmLab(LAB, '{ name: calico, mode: ipip }');
}, 600_000);
afterAll(async () => {
  await lab[Symbol.asyncDispose]();
});

/** Removed after the test. */
const forwarding = (...rules: readonly string[]): Promise<string> => forwardBy(lab, rules);

afterEach(async () => {
  await forwardAll(lab);
});

/**
 * adjtimex() with ADJ_SETOFFSET: the kernel adds at once. `date -s` reads the clock first and sets it later, and a machine
 * emulated by a busy one loses what passes in between.
 */
const shiftClock = (seconds: number): string =>
  `perl -e 'my $timex = pack("L x68 q x128", 0x100, ${seconds}); syscall(159, $timex) >= 0 or die $!'`;

describe('the doctor, on kernels that have everything', () => {
  it('makes WireGuard depend on its port when that is dropped', async () => {
    await forwarding('udp dport 51820 drop');
    const report = await lab.doctor();
    expect(verdictOf(report, 'flannel-wireguard').status).toBe('works-if');
    expect(verdictOf(report, 'flannel-wireguard').conditions.join()).toContain('51820');
    expect(lab.cells('wireguard', 51_820)?.join('')).toMatch(/^\.[^+.]{2}\.$/);
    expect(verdictOf(report, 'flannel-vxlan').status).toBe('works');
  });

  it('recognises VXLAN packets whose checksum is wrong', async () => {
    await forwarding('udp dport 8472 udp checksum set 0x1234');
    const report = await lab.doctor();
    expect(codes(report)).toContain('udp-damaged');
    expect(verdictOf(report, 'flannel-vxlan').status).not.toBe('works');
    expect(verdictOf(report, 'calico-vxlan').status).toBe('works');
  });

  it('measures a path that carries less than the interfaces promise, and corrects every MTU', async () => {
    await forwarding(
      `iifname "${lab.port('server-1')}" oifname "${lab.port('agent-1')}" ip length > 1400 drop`,
    );
    const report = await lab.doctor();
    expect(codes(report)).toContain('path-mtu-low');
    expect(verdictOf(report, 'flannel-vxlan').mtu).toBe(1350);
    expect(verdictOf(report, 'flannel-wireguard').mtu).toBe(1320);
  });

  it('names the host whose clock is 90 s off, and the one with swap', async () => {
    await lab.on('agent-1', shiftClock(90));
    await lab.on(
      'server-1',
      'fallocate -l 64M /swapfile; chmod 600 /swapfile; mkswap -q /swapfile; swapon /swapfile',
    );
    const report = await lab.doctor();
    await lab.on('agent-1', shiftClock(-90));
    await lab.on('server-1', 'swapoff -a; rm /swapfile');
    const finding = (of: DoctorReport, code: string) => of.findings.find((one) => one.code === code);
    expect(finding(report, 'clock-skew')).toMatchObject({ severity: 'error', hosts: ['agent-1'] });
    expect(finding(report, 'clock-skew')?.evidence[0]?.text).toMatch(/^(8[5-9]|9[0-5])\.\d s ahead/);
    expect(finding(report, 'swap-on')).toMatchObject({ hosts: ['server-1'] });
    const healed = await lab.doctor();
    expect(finding(healed, 'clock-skew')).toBeUndefined();
    expect(finding(healed, 'swap-on')).toBeUndefined();
  });
});

describe('virtual-machine hosts', () => {
  it('carry traffic through a WireGuard tunnel, with tools from the repository of the lab', async () => {
    const hosts = ['server-1', 'agent-1'] as const;
    const keyed = hosts.map((host) =>
      lab.on(
        host,
        'apt-get -qq update >/dev/null; apt-get -qq install -y wireguard-tools >/dev/null; umask 077; wg genkey >/root/wg; wg pubkey </root/wg',
      ),
    );
    const [a, b] = await Promise.all(keyed);
    const tunnel = (host: string, own: string, peer: { key: string; address: string; inner: string }) =>
      lab.on(
        host,
        `ip link add wg0 type wireguard
ip address add ${own}/24 dev wg0
wg set wg0 listen-port 51820 private-key /root/wg peer '${peer.key.trim()}' endpoint ${peer.address}:51820 allowed-ips ${peer.inner}/32
ip link set wg0 mtu 1370 up`,
      );
    await tunnel('server-1', '10.99.0.1', { key: b!, address: '10.77.0.21', inner: '10.99.0.2' });
    await tunnel('agent-1', '10.99.0.2', { key: a!, address: '10.77.0.11', inner: '10.99.0.1' });
    expect(await lab.on('server-1', 'ping -c 2 -W 5 10.99.0.2')).toContain('2 received');
    expect(await lab.on('server-1', 'wg show wg0 latest-handshakes')).toMatch(/\t[1-9]\d+\n$/);
    for (const host of hosts) await lab.on(host, 'ip link delete wg0');
  });
});
