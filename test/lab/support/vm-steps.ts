import { expect } from 'vitest';
import { hostModules } from '../../../src/steps/host/modules.js';
import { hostSwap } from '../../../src/steps/host/swap.js';
import { hostSysctls } from '../../../src/steps/host/sysctls.js';
import { hostTime } from '../../../src/steps/host/time.js';
import {
  type ContractCase,
  contractBench,
  expectBroken,
  expectCutsSurvived,
  expectHeld,
  expectPlanning,
  expectUndone,
  nextRun,
} from '../../steps/contract.js';
import type { VmLab } from './vm-lab.js';

/** A step whose effect on a kernel of its own is looked at by few commands: each takes a second or more here. */
export interface VmCase extends ContractCase {
  readonly snapshot: string;
  /** Undoes the sabotage. */
  readonly mends: string;
  /** What must hold of the host once the step is done. */
  readonly then?: (lab: VmLab, host: string) => Promise<void>;
}

export const swapCase: VmCase = {
  step: hostSwap,
  params: {},
  prepare: `fallocate -l 64M /swapfile; chmod 600 /swapfile; mkswap -q /swapfile
echo '/swapfile none swap sw,pri=5 0 0' >>/etc/fstab; swapon -p 5 /swapfile`,
  snapshot: 'cat /etc/fstab; swapon --noheadings --show=NAME,PRIO',
  sabotage: 'swapon -p 5 /swapfile',
  mends: 'swapoff /swapfile',
  cleanup: 'swapoff -a; sed -i /swapfile/d /etc/fstab; rm /swapfile',
  then: async (lab, host) => {
    expect(await lab.on(host, 'tail -n +2 /proc/swaps')).toBe('');
  },
};

export const modulesCase: VmCase = {
  step: hostModules,
  params: { modules: ['br_netfilter', 'overlay'] },
  prepare: 'modprobe -r br_netfilter overlay',
  snapshot: 'ls /etc/modules-load.d; ls -d /sys/module/br_netfilter /sys/module/overlay 2>/dev/null || true',
  sabotage: 'modprobe -r br_netfilter',
  mends: 'modprobe br_netfilter',
  then: async (lab, host) => {
    expect(await lab.on(host, 'ls -d /sys/module/br_netfilter /sys/module/overlay')).toMatch(
      /br_n.*overlay/s,
    );
  },
};

const KEYS =
  'vm.swappiness vm.overcommit_memory kernel.panic net.ipv4.ip_forward fs.inotify.max_user_instances';

export const sysctlsCase: VmCase = {
  step: hostSysctls,
  params: {
    values: {
      'vm.swappiness': '7',
      'vm.overcommit_memory': '1',
      'kernel.panic': '11',
      'net.ipv4.ip_forward': '1',
    },
    least: { 'fs.inotify.max_user_instances': '9000' },
  },
  prepare: 'sysctl -qw vm.overcommit_memory=0 kernel.panic=0 fs.inotify.max_user_instances=128',
  snapshot: `sysctl ${KEYS}; ls /etc/sysctl.d`,
  sabotage: 'sysctl -qw kernel.panic=0',
  mends: 'sysctl -qw kernel.panic=11',
  then: async (lab, host) => {
    const seen = await lab.on(host, `sysctl -n ${KEYS}`);
    expect(seen.split('\n')).toEqual(['7', '1', '11', '1', '9000', '']);
  },
};

const clockOf = async (lab: VmLab, host: string): Promise<number> => Number(await lab.on(host, 'date +%s'));

/** Answers time requests with its own clock, as an NTP server of stratum 1. */
const NTP_SERVER = `import socket, struct, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("", 123))
while True:
    asked, who = s.recvfrom(512)
    now = time.time() + 2208988800
    stamp = struct.pack("!II", int(now), int(now % 1 * 2**32))
    s.sendto(struct.pack("!BBbbII4s", 0x24, 1, 6, -20, 0, 0, b"TEST") + stamp + asked[40:48] + stamp + stamp, who)`;

/** Runs beside the others' hosts: \`agent-1\` is the one that knows what time it is. */
export const timeCase: VmCase = {
  step: hostTime,
  params: { sync: true, servers: ['10.77.0.21'], timezone: 'Europe/Paris' },
  prepare: 'timedatectl set-timezone Etc/UTC; apt-get -qq update >/dev/null',
  snapshot: `cat /etc/systemd/timesyncd.conf.d/* 2>/dev/null; readlink /etc/localtime
dpkg-query -W -f '\${db:Status-Status}\\n' systemd-timesyncd 2>/dev/null || echo not-installed`,
  sabotage: 'systemctl stop systemd-timesyncd',
  mends: 'systemctl start systemd-timesyncd',
  then: async (lab, host) => {
    await lab.on(
      'agent-1',
      `cat >/root/ntp.py <<'END'\n${NTP_SERVER}\nEND\nsystemd-run -q --unit test-ntp python3 /root/ntp.py`,
    );
    await lab.on(host, 'date -s "-90 seconds" >/dev/null; systemctl restart systemd-timesyncd');
    const apart = async () => Math.abs((await clockOf(lab, host)) - (await clockOf(lab, 'agent-1')));
    await expect.poll(apart, { timeout: 300_000, interval: 1000 }).toBeLessThan(20);
    await lab.on('agent-1', 'systemctl stop test-ntp; rm /root/ntp.py');
  },
};

/** The whole contract in one go: planned, killed at each change and gone on with, held, broken, taken back. */
export const playOnVm = async (lab: VmLab, host: string, one: VmCase): Promise<void> => {
  const { transport } = lab;
  const bench = contractBench({ transport, target: lab.target(host), snapshot: one.snapshot }, one);
  if (one.prepare !== undefined) await bench.host(one.prepare);
  const before = await bench.snapshot();
  await expectPlanning(bench);
  const run = nextRun();
  expect(await expectCutsSurvived(bench, run)).toBeGreaterThanOrEqual(1);
  await expectHeld(bench);
  await one.then?.(lab, host);
  await expectBroken(bench, one.sabotage);
  await bench.host(one.mends);
  await expectUndone(bench, { run, before });
  if (one.cleanup !== undefined) await bench.host(one.cleanup);
};
