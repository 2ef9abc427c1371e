import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Json } from '../../src/core/canonical.js';
import { cniIpsetSwap } from '../../src/steps/cni/ipset-swap.js';
import { hostFirewall } from '../../src/steps/host/firewall.js';
import { hostPackages } from '../../src/steps/host/packages.js';
import { hostResolvers } from '../../src/steps/host/resolvers.js';
import type { AnyStep } from '../../src/steps/step.js';
import {
  contractBench,
  expectCutAndUndone,
  expectRoundTrip,
  expectSabotageSeen,
  expectWholeContract,
  nextRun,
  performed,
} from '../steps/contract.js';
import { must, specFolder } from './support/cli.js';
import { DOCKER, FIREWALL, hostCases, hostOf } from './support/host-cases.js';
import { labTransport } from './support/transport.js';

const LAB = 'steps';

let folder: string;
let transport: Awaited<ReturnType<typeof labTransport>>;
beforeAll(async () => {
  folder = await specFolder({ name: LAB, net: '10.78.0', servers: 1, agents: hostCases.length - 1 });
  await must(['lab', 'up'], folder);
  transport = await labTransport(LAB);
});
afterAll(async () => {
  await transport[Symbol.asyncDispose]();
  await must(['lab', 'down', LAB], folder);
  await rm(folder, { recursive: true, force: true });
});

/** Puts the ipset of Debian 11 beside the host's own, and prints how it is called. */
const OLD_IPSET = `mkdir -p /opt/ipset-old; cd /opt/ipset-old
for package in ipset libipset13; do
  curl -fsS -o $package.deb http://packages.drover.internal/ipset-old/$package.deb && dpkg-deb -x $package.deb .
done
printf 'env LD_LIBRARY_PATH=%s %s' "$(dirname "$PWD/$(find . -name libipset.so.13)")" "$PWD/usr/sbin/ipset"`;

describe.concurrent.each(hostCases.map((one, index) => ({ id: one.step.id, one, target: hostOf(index) })))(
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

    it('resumes to the same end, cut at each of its changes', { concurrent: false }, async () => {
      await expectCutAndUndone(bench(), after);
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
  const index = hostCases.findIndex((one) => one.step === step);
  const one = hostCases[index];
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
      await expect.poll(() => bench.snapshot(), { timeout: 300_000 }).toBe(before);
      await bench.host(`sed -i '/--dport 22 -m conntrack --ctstate NEW -j DROP/d' /etc/ufw/before.rules`);
      // Three seconds may be too few for a new connection to a busy host: then it is put back, and tried again.
      const kept = () => bench.attempt({ run }).then(performed);
      expect((await vi.waitFor(kept, { timeout: 300_000, interval: 100 })).result).toBe('changed');
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
        .poll(log, { timeout: 300_000 })
        .toContain('settype hash:ip with revision 6 not supported by userspace');
      const run = nextRun();
      performed(await bench.attempt({ run }));
      await expect.poll(log, { timeout: 300_000 }).toMatch(/Revision: 5[^]*Members:\n10\.78\.0\.99/);
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
      await expect.poll(() => bench.host('ps -eo args'), { timeout: 300_000 }).toContain('apt-get -q -y');
      await bench.host('touch /run/test-let-go');
      expect(performed(await installing).result).toBe('changed');
      await bench.undo(run);
      await bench.host('rm -f /run/test-let-go');
    });
  });
});
