import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Json } from '../../src/core/canonical.js';
import type { HostTarget } from '../../src/core/ports/transport.js';
import { haproxy } from '../../src/steps/balancer/haproxy.js';
import { cniClean } from '../../src/steps/cni/clean.js';
import { cniIpsetSwap } from '../../src/steps/cni/ipset-swap.js';
import { hostFirewall } from '../../src/steps/host/firewall.js';
import { hostHostname } from '../../src/steps/host/hostname.js';
import { hostHostsFile } from '../../src/steps/host/hosts-file.js';
import { hostModules } from '../../src/steps/host/modules.js';
import { hostPackages } from '../../src/steps/host/packages.js';
import { hostResolvers } from '../../src/steps/host/resolvers.js';
import { hostSwap } from '../../src/steps/host/swap.js';
import { hostSysctls } from '../../src/steps/host/sysctls.js';
import { hostTime } from '../../src/steps/host/time.js';
import type { AnyStep } from '../../src/steps/step.js';
import {
  type ContractCase,
  contractBench,
  expectResumes,
  expectRoundTrip,
  expectSabotageSeen,
  expectWholeContract,
  nextRun,
  performed,
} from '../steps/contract.js';
import { must, specFolder } from './support/cli.js';
import { plantOldNetworks } from './support/old-networks.js';
import { labTransport } from './support/transport.js';

const LAB = 'steps';

let folder: string;
let transport: Awaited<ReturnType<typeof labTransport>>;
beforeAll(async () => {
  folder = await specFolder({ name: LAB, net: '10.78.0', servers: 1, agents: cases.length - 1 });
  await must(['lab', 'up'], folder);
  transport = await labTransport(LAB);
});
afterAll(async () => {
  await transport[Symbol.asyncDispose]();
  await must(['lab', 'down', LAB], folder);
  await rm(folder, { recursive: true, force: true });
});

const rule = (part: object) => ({
  direction: 'in',
  protocol: 'any',
  ports: [],
  from: 'any',
  to: 'any',
  ...part,
});

const FIREWALL = {
  deadManSeconds: 20,
  rules: [
    rule({ protocol: 'tcp', ports: ['2379:2380', '6443', '10250'], from: '10.78.0.99', reason: 'agent-1' }),
    rule({ protocol: 'udp', ports: ['8472'], from: '10.78.0.99', reason: 'agent-1' }),
    rule({ from: '10.42.0.0/16', reason: 'pods' }),
    rule({ direction: 'route', to: '10.42.0.0/16', reason: 'to pods' }),
    rule({ protocol: 'tcp', ports: ['80', '443'], reason: 'ingress' }),
    rule({ protocol: 'tcp', ports: ['443'], from: 'fd00::/64', reason: 'v6' }),
  ],
};

const DOCKER = `
iptables -t nat -N DOCKER; iptables -N DOCKER-USER; iptables -I FORWARD -j DOCKER-USER; iptables -A DOCKER-USER -j RETURN
iptables -P FORWARD DROP`;

/** Sets as K3s' network policy controller leaves them: one is used by a rule, and has a member. */
const NEWER_SETS = `
ipset create cali40this-host hash:ip family inet maxelem 1048576; ipset add cali40this-host 10.78.0.99
ipset create cali60this-host hash:ip family inet6; ipset create cali40all-ipam-pools hash:net
iptables -t mangle -N cali-POSTROUTING
iptables -t mangle -A cali-POSTROUTING -m set --match-set cali40this-host src -j RETURN`;

/** The longest first. */
const cases: readonly ContractCase[] = [
  {
    step: hostFirewall,
    params: FIREWALL,
    prepare: DOCKER,
    sabotage: 'iptables -F ufw-user-input',
  },
  {
    step: hostSwap,
    params: {},
    prepare: `printf '# swap of old\\nUUID=1 none swap sw 0 0\\n/dev/sda1 /data ext4 noauto,nofail 0 0\\n/dev/sdb2\\tswap\\tswap' >/etc/fstab; chmod 640 /etc/fstab`,
    sabotage: `echo '/dev/sdc none swap sw 0 0' >>/etc/fstab`,
  },
  {
    step: hostModules,
    params: { modules: ['br_netfilter', 'overlay', 'vxlan'] },
    sabotage: 'sed -i /vxlan/d /etc/modules-load.d/drover.conf',
  },
  {
    step: hostSysctls,
    params: {
      values: { 'net.ipv4.ip_forward': '1', 'net.ipv4.conf.all.rp_filter': '2', 'kernel.panic': '10' },
      least: { 'fs.inotify.max_user_instances': '128', 'net.ipv4.neigh.default.gc_thresh3': '4096' },
    },
    prepare: `printf '# kept\\nnet/ipv4/ip_forward=0\\nnet.ipv4.tcp_syncookies = 1\\n' >/etc/sysctl.d/99-site.conf; sysctl -qw net.ipv4.ip_forward=0 net.ipv4.conf.all.rp_filter=0`,
    sabotage: 'sysctl -qw net.ipv4.ip_forward=0',
    cleanup: 'rm -f /etc/sysctl.d/99-site.conf',
  },
  {
    step: hostHostsFile,
    params: { hosts: { 'agent-4': '10.78.0.24', 'other-1': '10.78.0.99' } },
    prepare: `printf '127.0.0.1 localhost\\n127.0.1.1 server-1.lan server-1 # installer\\n10.9.9.9\\tagent-1\\n10.1.1.1 other # mine\\n' >/etc/hosts; chown 1:1 /etc/hosts`,
    sabotage: `sed -i 's/^10.78.0.99 /10.78.0.98 /' /etc/hosts`,
    cleanup: `printf '127.0.0.1 localhost\\n::1 localhost\\n10.78.0.11 server-1\\n' >/etc/hosts; chown 0:0 /etc/hosts`,
  },
  {
    step: hostHostname,
    params: { name: 'new-name' },
    prepare: 'echo 10.78.0.25 new-name >>/etc/hosts',
    sabotage: 'hostname other-name',
  },
  {
    step: hostResolvers,
    params: { servers: ['1.1.1.1', '8.8.8.8'], search: ['lan.example'], immutable: true },
    prepare: `mkdir -p /run/systemd/resolve; printf 'nameserver 127.0.0.53\\n' >/run/systemd/resolve/stub-resolv.conf; ln -sfn ../run/systemd/resolve/stub-resolv.conf /etc/resolv.conf`,
    sabotage: 'chattr -i /etc/resolv.conf',
    cleanup: `rm -rf /run/systemd/resolve; rm /etc/resolv.conf; printf 'nameserver 1.1.1.1\\nnameserver 8.8.8.8\\n' >/etc/resolv.conf`,
  },
  {
    step: hostPackages,
    params: { packages: ['jq', 'curl'] },
    sabotage: 'apt-get purge -qq -y jq >/dev/null 2>&1',
  },
  {
    step: hostTime,
    params: { sync: true, servers: ['10.0.0.123'], timezone: 'Europe/Paris' },
    prepare: `DEBIAN_FRONTEND=noninteractive sh -c 'apt-get update -qq && apt-get install -qq -y systemd-timesyncd' >/dev/null 2>&1; systemctl disable -q systemd-timesyncd`,
    sabotage: 'systemctl disable -q systemd-timesyncd',
    cleanup: 'apt-get purge -qq -y systemd-timesyncd >/dev/null 2>&1',
  },
  {
    step: haproxy,
    params: {
      balancer: 'lb',
      config:
        'defaults\n  mode tcp\n  timeout connect 2s\n  timeout client 5s\n  timeout server 5s\nlisten ssh\n  bind :2022\n  server own 127.0.0.1:22 check\n',
      listeners: ['0.0.0.0:2022'],
    },
    // Its account comes and goes with the package, and leaves the same traces from the second time on.
    prepare: `DEBIAN_FRONTEND=noninteractive sh -c 'apt-get update -qq && apt-get install -qq -y --no-install-recommends haproxy && apt-get autoremove -qq -y --purge haproxy' >/dev/null 2>&1`,
    sabotage: 'systemctl stop haproxy',
  },
  {
    step: cniIpsetSwap,
    params: { reads: 5 },
    prepare: NEWER_SETS,
    sabotage:
      'ipset create back hash:ip maxelem 1048576; ipset swap back cali40this-host; ipset destroy back',
  },
  {
    step: cniClean,
    params: { kept: [] },
    prepare: plantOldNetworks(1),
    sabotage: 'iptables -N cali-FORWARD',
  },
];

/** Puts the ipset of Debian 11 beside the host's own, and prints how it is called. */
const OLD_IPSET = `mkdir -p /opt/ipset-old; cd /opt/ipset-old
for package in ipset libipset13; do
  curl -fsS -o $package.deb http://packages.drover.internal/ipset-old/$package.deb && dpkg-deb -x $package.deb .
done
printf 'env LD_LIBRARY_PATH=%s %s' "$(dirname "$PWD/$(find . -name libipset.so.13)")" "$PWD/usr/sbin/ipset"`;

/** Every case has a host of its own, so that they run beside each other. */
const hostOf = (index: number): HostTarget =>
  index === 0
    ? { name: 'server-1', address: '10.78.0.11' }
    : { name: `agent-${index}`, address: `10.78.0.${20 + index}` };

describe.concurrent.each(cases.map((one, index) => ({ id: one.step.id, one, target: hostOf(index) })))(
  '$id',
  ({ one, target }) => {
    const bench = () => contractBench({ transport, target }, one);
    let after = '';
    beforeAll(async () => {
      if (one.prepare !== undefined) await bench().host(one.prepare);
    });
    afterAll(async () => {
      if (one.cleanup !== undefined) await bench().host(one.cleanup);
    });

    it('plans without changing, changes once, and is undone without a trace', {
      concurrent: false,
    }, async () => {
      after = await expectRoundTrip(bench());
    });

    it('resumes to the same end wherever the connection is cut', { concurrent: false }, async () => {
      await expectResumes(bench(), after);
    });

    it('notices sabotage', { concurrent: false }, async () => {
      await expectSabotageSeen(bench(), one.sabotage);
    });
  },
);

describe('the catalogue', () => {
  it('has no step of host preparation that is not held to the whole contract here', () => {
    expectWholeContract('host.');
    expectWholeContract('haproxy.');
    expectWholeContract('cni.ipset-swap');
  });
});

/** The bench of a step’s case, or of the same step with other parameters. */
const benchOf = (step: AnyStep, params?: Json) => {
  const index = cases.findIndex((one) => one.step === step);
  const one = cases[index];
  if (one === undefined) throw new Error(`no case for ${step.id}`);
  const given = params === undefined ? one : { ...one, params };
  return contractBench({ transport, target: hostOf(index) }, given);
};

describe('beside the contract', () => {
  describe.concurrent('the firewall', () => {
    it('leaves Docker’s chains and other people’s rules alone, and stands before them', {
      concurrent: false,
    }, async () => {
      const bench = benchOf(hostFirewall);
      await bench.host(
        `iptables -n -L DOCKER-USER >/dev/null 2>&1 || { ${DOCKER}
}
for rule in "allow 22/tcp" "deny from 10.78.0.99" "allow 9000/tcp"; do ufw $rule >/dev/null; done; ufw --force enable >/dev/null`,
      );
      const before = await bench.snapshot();
      const run = nextRun();
      performed(await bench.attempt({ run }));
      const rules = await bench.host('iptables -S; iptables -t nat -S');
      expect(rules).toContain('-A FORWARD -j DOCKER-USER');
      expect(rules).toContain('-N DOCKER\n');
      expect(rules).toContain('-A ufw-user-input -p tcp -m tcp --dport 9000 -j ACCEPT');
      expect(rules.indexOf('--dports 2379:2380')).toBeLessThan(rules.indexOf('-s 10.78.0.99/32 -j DROP'));
      await bench.undo(run);
      expect(await bench.snapshot()).toBe(before);
      await bench.host(
        'ufw --force disable >/dev/null; for rule in "allow 22/tcp" "deny from 10.78.0.99" "allow 9000/tcp"; do ufw delete $rule >/dev/null; done',
      );
    });

    it('writes its rules as ufw itself does', { concurrent: false }, async () => {
      const bench = benchOf(hostFirewall);
      const run = nextRun();
      performed(await bench.attempt({ run }));
      const look = 'ufw status; cat /etc/ufw/user.rules /etc/ufw/user6.rules';
      const listed = await bench.host(look);
      expect(listed).toMatch(/2379:2380,6443,10250\/tcp +ALLOW +10\.78\.0\.99 +# drover: agent-1/);
      await bench.host('ufw allow 9999/tcp >/dev/null; ufw delete allow 9999/tcp >/dev/null');
      expect(listed).toContain('[UFW BLOCK]');
      expect(await bench.host(look)).toBe(listed);
      expect(await bench.plan()).toEqual([]);
      await bench.undo(run);
    });

    it('is taken back by the host itself when nobody can log in any more', {
      concurrent: false,
    }, async () => {
      const bench = benchOf(hostFirewall, { ...FIREWALL, deadManSeconds: 3 });
      await bench.host(
        `sed -i '/^# quickly process packets/i -A ufw-before-input -p tcp --dport 22 -m conntrack --ctstate NEW -j DROP' /etc/ufw/before.rules`,
      );
      const before = await bench.snapshot();
      const run = nextRun();
      const failed = await bench.attempt({ run });
      expect(failed.ok ? '' : failed.error.code).toMatch(/^host-(put-back|locked-out)$/);
      await expect.poll(() => bench.snapshot(), { timeout: 120_000 }).toBe(before);
      await bench.host(`sed -i '/--dport 22 -m conntrack --ctstate NEW -j DROP/d' /etc/ufw/before.rules`);
      // Three seconds may be too few for a new connection to a busy host: then it is put back, and tried again.
      const kept = () => bench.attempt({ run }).then(performed);
      expect((await vi.waitFor(kept, { timeout: 120_000, interval: 100 })).result).toBe('changed');
      expect(await bench.verify()).toMatchObject({ ok: true });
      await bench.undo(run);
    });

    it('refuses to stand beside another one, and says which', { concurrent: false }, async () => {
      const bench = benchOf(hostFirewall);
      await bench.host(
        `nft 'add table inet site; add chain inet site in { type filter hook input priority 0; policy drop; }; add rule inet site in accept'`,
      );
      const before = await bench.snapshot();
      expect(await bench.plan()).toContainEqual({
        kind: 'warn',
        what: 'another firewall: nft inet site in, policy drop',
      });
      expect(await bench.attempt({ run: nextRun() })).toMatchObject({
        ok: false,
        error: { class: 'person', code: 'firewall-other' },
      });
      expect(await bench.snapshot()).toBe(before);
      await bench.host('nft delete table inet site');
    });
  });

  describe.concurrent('name servers', () => {
    it('are not set when one of them does not answer', { concurrent: false }, async () => {
      const bench = benchOf(hostResolvers, {
        servers: ['1.1.1.1', '10.78.0.250'],
        search: [],
        immutable: true,
      });
      const before = await bench.snapshot();
      expect(await bench.attempt({ run: nextRun() })).toMatchObject({
        ok: false,
        error: { code: 'resolver-no-answer', message: expect.stringContaining('10.78.0.250') as string },
      });
      expect(await bench.snapshot()).toBe(before);
    });
  });

  describe.concurrent('ipsets of Calico', () => {
    it('are read by the ipset of Debian 11 after the swap, while an agent loops on them, and keep rule and member', {
      concurrent: false,
    }, async () => {
      const bench = benchOf(cniIpsetSwap);
      const old = await bench.host(OLD_IPSET);
      await bench.host(
        `ipset create back hash:ip maxelem 1048576; ipset add back 10.78.0.99; ipset swap back cali40this-host; ipset destroy back
systemd-run --quiet --unit=test-agent -p Restart=always -p RestartSec=200ms -p StartLimitIntervalSec=0 sh -c '${old} list cali40this-host && exec sleep infinity'`,
      );
      const log = () => bench.host('journalctl -u test-agent -o cat --no-pager');
      await expect
        .poll(log, { timeout: 120_000 })
        .toContain('settype hash:ip with revision 6 not supported by userspace');
      const run = nextRun();
      performed(await bench.attempt({ run }));
      await expect.poll(log, { timeout: 120_000 }).toMatch(/Revision: 5[^]*Members:\n10\.78\.0\.99/);
      expect(await bench.host(`systemctl is-active test-agent; ${old} -t list cali40this-host`)).toMatch(
        /active\n[^]*References: 1/,
      );
      await bench.host('systemctl stop test-agent');
      await bench.undo(run);
      expect(await bench.host('ipset -t list cali40this-host')).toContain('Revision: 6');
    });
  });

  describe.concurrent('packages', () => {
    it('wait for somebody else’s installation to end', { concurrent: false }, async () => {
      const bench = benchOf(hostPackages);
      await bench.host(
        `systemd-run --quiet --unit=test-holder python3 -c 'import fcntl, os, time
file = open("/var/lib/dpkg/lock-frontend", "w")
fcntl.lockf(file, fcntl.LOCK_EX)
while not os.path.exists("/run/test-let-go"): time.sleep(0.1)'
while ! grep -q "$(stat -c :%i /var/lib/dpkg/lock-frontend) " /proc/locks; do sleep 0.1; done`,
      );
      const run = nextRun();
      const installing = bench.attempt({ run });
      await expect.poll(() => bench.host('ps -eo args'), { timeout: 120_000 }).toContain('apt-get -q -y');
      await bench.host('touch /run/test-let-go');
      expect(performed(await installing).result).toBe('changed');
      await bench.undo(run);
      await bench.host('rm -f /run/test-let-go');
    });
  });
});
