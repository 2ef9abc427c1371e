import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { doctor, must } from '../lab/support/cli.js';
import { codes, forwardAll, forwardBy, type VmLab, verdictOf, vmLab } from '../lab/support/vm-lab.js';
import { modulesCase, playOnVm, swapCase, sysctlsCase, timeCase } from '../lab/support/vm-steps.js';

const LAB = 'it-vm';

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

describe('virtual-machine hosts', () => {
  it('answer ssh with a kernel, cgroups and an address of their own', async () => {
    const seen = await lab.on(
      'server-1',
      'uname -r; stat -fc %T /sys/fs/cgroup; systemctl is-active systemd-networkd ssh',
    );
    expect(seen).toMatch(/^6\.\d+\.\S+-cloud-amd64\ncgroup2fs\nactive\nactive\n$/);
    expect(await lab.on('agent-1', 'getent hosts packages.drover.internal; cat /etc/hostname')).toMatch(
      /10\.77\.0\.1 .*\nagent-1\n$/s,
    );
  });

  it('have what the shared kernel lacks: IPIP, WireGuard, GRE, Geneve, IPVS and netem', async () => {
    await lab.on('server-1', 'modprobe -a ipip wireguard ip_gre geneve ip_vs sch_netem vxlan');
    const delayed = await lab.on(
      'server-1',
      'tc qdisc add dev lo root netem delay 50ms; ping -c 1 127.0.0.1; tc qdisc del dev lo root',
    );
    expect(Number(/time=([\d.]+)/.exec(delayed)?.[1])).toBeGreaterThan(99);
  });
});

const TUNNEL = (own: string, peer: string, inner: string): string =>
  `modprobe ipip; ip link add t0 type ipip local ${own} remote ${peer}; ip address add ${inner}/24 dev t0; ip link set t0 up`;

describe('the doctor, on virtual machines', () => {
  it('finds every network possible where nothing is filtered, and IPIP proven only after a silence', async () => {
    const quick = await lab.doctor();
    expect(verdictOf(quick, 'calico-ipip').status).toBe('works-if');
    expect(codes(quick)).toContain('ipip-unproven');
    expect(verdictOf(quick, 'flannel-vxlan')).toMatchObject({ status: 'works', mtu: 1400 });
    expect(verdictOf(quick, 'flannel-wireguard')).toMatchObject({ status: 'works', mtu: 1370 });
    expect(lab.cells('wireguard', 51_820)).toEqual(['.+', '+.']);
    expect(verdictOf(quick, 'flannel-host-gw').status).toBe('cannot');
    const deep = await lab.doctor(1000);
    expect(verdictOf(deep, 'calico-ipip')).toMatchObject({ status: 'works', mtu: 1430 });
    expect(codes(deep)).not.toContain('ipip-unproven');
  });

  it('sees through a stateful firewall without a rule for IPIP: cold, warm and after idle', async () => {
    const to = `oifname "${lab.port('agent-1')}"`;
    await forwarding(
      'ct state established,related accept',
      `${to} meta l4proto { tcp, udp, icmp } accept`,
      `${to} drop`,
    );
    await lab.router(['sysctl', '-q', '-w', 'net.netfilter.nf_conntrack_generic_timeout=2']);
    await lab.on('server-1', TUNNEL('10.77.0.11', '10.77.0.21', '10.98.0.1'));
    await lab.on('agent-1', TUNNEL('10.77.0.21', '10.77.0.11', '10.98.0.2'));
    const ping = (): Promise<string> =>
      lab.on('server-1', 'ping -c 1 -W 1 10.98.0.2 >/dev/null && echo passes || echo lost');
    expect(await ping()).toBe('lost\n');
    const warm = lab.on('agent-1', 'ping -c 8 -i 0.5 -W 2 10.98.0.1 >/dev/null || true');
    await expect.poll(ping, { timeout: 300_000 }).toBe('passes\n');
    await warm;
    await expect.poll(ping, { timeout: 300_000, interval: 4000 }).toBe('lost\n');
    for (const host of ['server-1', 'agent-1']) await lab.on(host, 'ip link delete t0; rmmod ipip');
    for (const report of [await lab.doctor(), await lab.doctor(4000)]) {
      expect(verdictOf(report, 'calico-ipip').status).toBe('cannot');
      expect(verdictOf(report, 'calico-ipip').conditions.join()).toContain('only as an answer');
      expect(codes(report)).toContain('ipip-lost');
      expect(verdictOf(report, 'flannel-vxlan').status).toBe('works');
    }
  });

  it('says that IPIP is dropped when protocol 4 never passes', async () => {
    await forwarding('meta l4proto 4 drop');
    const report = await lab.doctor();
    expect(codes(report)).toContain('ipip-lost');
    expect(verdictOf(report, 'calico-ipip').status).toBe('cannot');
    expect(verdictOf(report, 'calico-ipip').conditions.join()).toContain('the network drops IP protocol 4');
    expect(verdictOf(report, 'calico-vxlan').status).toBe('works');
  });
});

describe('steps of host preparation, on kernels of their own', () => {
  it('switch swap off, load modules and set the kernel, and take all of it back', async () => {
    for (const one of [swapCase, modulesCase, sysctlsCase]) await playOnVm(lab, 'agent-1', one);
  }, 400_000);

  it('set the clock right from a server of the spec, and take the service back', async () => {
    await playOnVm(lab, 'server-1', timeCase);
  }, 400_000);
});

describe('breaking virtual machines', () => {
  const lost = (host: string, address: string): Promise<string> =>
    lab.on(host, `ping -c 1 -W 2 ${address} >/dev/null && echo passes || echo lost`);

  it('puts faults on them and takes them away without ssh or network', async () => {
    await must(['lab', 'break', '--lab', LAB, 'sshd-down', '--host', 'agent-1', '-q'], lab.folder);
    await must(['lab', 'break', '--lab', LAB, 'nft-default-drop', '--host', 'agent-1', '-q'], lab.folder);
    const { findings } = await doctor(LAB, lab.folder);
    expect(findings.find(({ code }) => code === 'contact-refused')?.hosts).toEqual(['agent-1']);
    await must(['lab', 'heal', '--lab', LAB, '-q'], lab.folder);
    expect(await lab.on('agent-1', 'nft list ruleset; systemctl is-active ssh')).toBe('active\n');
  });

  it('delays their cable in both directions, as this machine’s kernel may not', async () => {
    const time = async (): Promise<number> =>
      Number(/time=([\d.]+)/.exec(await lab.on('server-1', 'ping -c 1 -W 5 10.77.0.21'))?.[1]);
    await must(['lab', 'throttle', '--lab', LAB, 'agent-1', '--delay', '200ms'], lab.folder);
    expect(await time()).toBeGreaterThan(399);
    await must(['lab', 'throttle', '--lab', LAB, 'agent-1'], lab.folder);
    expect(await lab.on('agent-1', 'tc qdisc show dev host0; ip link show type ifb')).not.toMatch(
      /netem|lab-in/,
    );
  });

  it('cuts two of them from each other, and lets them meet again', async () => {
    expect(await lost('server-1', '10.77.0.21')).toBe('passes\n');
    await must(['lab', 'partition', '--lab', LAB, 'server-1', 'agent-1'], lab.folder);
    expect(await lost('server-1', '10.77.0.21')).toBe('lost\n');
    await must(['lab', 'partition', '--lab', LAB, '--heal'], lab.folder);
    expect(await lost('server-1', '10.77.0.21')).toBe('passes\n');
  });
});
