import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { probeMatrixSchema } from '../../../src/facts/model/probe-matrix.js';
import { valuesOf } from '../../../src/facts/probes/matrix.js';
import { buildWorld, canBuildWorlds, type World } from './netns.js';
import { matrixNamed, noteOn, picture, probeWorld } from './probing.js';

const HEALTHY = { 'path-mtu': '1500', 'tunnel-mtu/8472': '1450', 'tunnel-mtu/4789': '1450' };
const HEALTHY_ROUTED = {
  adjacency: '.-- -.- --.',
  'path-mtu': '1450',
  'tunnel-mtu/8472': '1400',
  'tunnel-mtu/4789': '1400',
};

describe.skipIf(!canBuildWorlds).each(['perl', 'python'] as const)(
  'hosts on one switch, %s agents',
  (language) => {
    let world: World;
    beforeAll(() => {
      world = buildWorld('switched', 3);
    });
    afterEach(() => world.heal());
    afterAll(() => world.remove());
    const probe = () => probeWorld(world, { language });

    it('finds healthy hosts healthy, measures every pair and leaves nothing behind', async () => {
      const result = await probe();
      expect(picture(result)).toEqual(HEALTHY);
      expect(result.notMeasured).toEqual([]);
      for (const matrix of result.probes) expect(probeMatrixSchema.parse(matrix)).toEqual(matrix);
      const trips = valuesOf(matrixNamed(result, 'latency')).map(({ value }) => value ?? 0);
      expect(trips).toHaveLength(6);
      for (const micros of trips) expect(micros).toBeGreaterThan(0);
      for (const { name } of world.hosts) {
        expect(world.processes(name)).toEqual([]);
        expect(world.inside(name, 'ip', '-br', 'link')).not.toContain('drvx');
      }
    });

    it('tells a port that the receiving host itself drops', async () => {
      world.filter('h2', { family: 'inet', hook: 'input', rules: ['udp dport 8472 drop'] });
      const result = await probe();
      expect(picture(result)).toEqual({
        ...HEALTHY,
        'udp/8472': '.n+ +.+ +n.',
        'vxlan/8472': '.n+ +.+ +n.',
        'tunnel-mtu/8472': '? 1450 1450 1450 1450 ?',
      });
      expect(noteOn(result, 'udp/8472', 'h1', 'h2')).toBe('reached h2 eth0, dropped by that host');
    });

    it('tells a port that is lost on the way, in one direction only', async () => {
      const rules = ['ip saddr 10.77.0.11 ip daddr 10.77.0.12 udp dport 8472 drop'];
      world.filter('sw', { family: 'bridge', hook: 'forward', rules });
      const result = await probe();
      expect(picture(result)).toEqual({
        ...HEALTHY,
        'udp/8472': '.-+ +.+ ++.',
        'vxlan/8472': '.-+ +.+ ++.',
        'tunnel-mtu/8472': '? 1450 1450 1450 1450 1450',
      });
      expect(noteOn(result, 'udp/8472', 'h1', 'h2')).toBe('left h1 eth0, never reached h2 eth0');
    });

    it('tells what never left the sender', async () => {
      const rules = ['udp dport 8472 drop', 'tcp dport 6443 drop', 'ip protocol 4 drop'];
      world.filter('h1', { family: 'inet', hook: 'output', rules });
      const result = await probe();
      expect(picture(result)).toEqual({
        ...HEALTHY,
        'udp/8472': '.ss +.+ ++.',
        'vxlan/8472': '.ss +.+ ++.',
        'tcp/6443': '.ss +.+ ++.',
        'protocol/4': '.ss w.w ww.',
        'tunnel-mtu/8472': '? ? 1450 1450 1450 1450',
      });
      expect(noteOn(result, 'udp/8472', 'h1', 'h3')).toBe('never left h1 eth0 (EPERM)');
    });

    it('tells VXLAN frames that are dropped while other datagrams to the port pass', async () => {
      world.filter('sw', { family: 'bridge', hook: 'forward', rules: ['udp dport 8472 @th,64,8 8 drop'] });
      expect(picture(await probe())).toEqual({
        ...HEALTHY,
        'vxlan/8472': '.-- -.- --.',
        'tunnel-mtu/8472': '-1',
      });
    });

    it('finds a path that swallows large packets without any ICMP error', async () => {
      world.filter('sw', {
        family: 'bridge',
        hook: 'forward',
        rules: ['oifname p-h3 ip length > 1437 drop'],
      });
      expect(picture(await probe())).toEqual({
        'path-mtu': '1500 1437 1500 1437 1500 1500',
        'tunnel-mtu/8472': '1450 1387 1450 1387 1450 1450',
        'tunnel-mtu/4789': '1450 1387 1450 1387 1450 1450',
      });
    });

    it('tells dropped from rejected on a host with a default-deny firewall', async () => {
      const rules = [
        'ct state established,related accept',
        'icmp type echo-request accept',
        'tcp dport 22 accept',
        'tcp dport 6443 reject with tcp reset',
        'udp dport 8472 reject',
      ];
      world.filter('h3', { family: 'inet', hook: 'input', policy: 'drop', rules });
      const result = await probe();
      const dropped = '.+n +.n ++.';
      const ports = ['udp/4789', 'udp/6081', 'udp/8473', 'udp/51820', 'udp/51871', 'udp/control'];
      const services = ['tcp/2379', 'tcp/2380', 'tcp/10250', 'tcp/5001'];
      expect(picture(result)).toEqual({
        ...HEALTHY,
        ...Object.fromEntries([...ports, ...services, 'vxlan/4789', 'source'].map((name) => [name, dropped])),
        'udp/8472': '.+r +.r ++.',
        'vxlan/8472': '.+r +.r ++.',
        'tcp/6443': '.+r +.r ++.',
        'tunnel-mtu/8472': '1450 ? 1450 ? 1450 1450',
        'tunnel-mtu/4789': '1450 ? 1450 ? 1450 1450',
      });
      expect(noteOn(result, 'protocol/4', 'h1', 'h3')).toBe(
        'lost when sent first, passed after the peer had spoken: a stateful filter',
      );
      expect(noteOn(result, 'udp/8472', 'h1', 'h3')).toBe(
        'reached h3 eth0, refused by 10.77.0.13 (ICMP unreachable, code 3)',
      );
    });

    it('tells an answer that never came back from a packet that never arrived', async () => {
      world.filter('sw', {
        family: 'bridge',
        hook: 'forward',
        rules: ['ip saddr 10.77.0.12 tcp sport 6443 drop'],
      });
      const result = await probe();
      expect(picture(result)).toEqual({ ...HEALTHY, 'tcp/6443': '.-+ +.+ +-.' });
      expect(noteOn(result, 'tcp/6443', 'h1', 'h2')).toBe('h2 answered, the answer never reached h1');
    });

    it('tells a network that checks sources from a host that does', async () => {
      world.filter('sw', {
        family: 'bridge',
        hook: 'forward',
        rules: ['iifname p-h1 ip saddr != 10.77.0.11 drop'],
      });
      world.inside('h2', 'sh', '-c', 'echo 1 > /proc/sys/net/ipv4/conf/eth0/rp_filter');
      const result = await probe();
      world.inside('h2', 'sh', '-c', 'echo 0 > /proc/sys/net/ipv4/conf/eth0/rp_filter');
      expect(picture(result)).toEqual({ ...HEALTHY, source: '.-- +.+ +n.' });
    });

    it('tells a host that is off the network from one that drops packets', async () => {
      world.inside('sw', 'ip', 'link', 'set', 'p-h3', 'down');
      for (const { name } of world.hosts) world.inside(name, 'ip', 'neigh', 'flush', 'all');
      const result = await probe();
      world.inside('sw', 'ip', 'link', 'set', 'p-h3', 'up');
      const shown = picture(result);
      expect(shown).toMatchObject({
        icmp: '.+- +.- --.',
        'udp/8472': '.+- +.- --.',
        'tcp/22': '.+- +.- --.',
      });
      expect(shown).toMatchObject({ adjacency: '.+? +.? ??.', source: '.+? +.? ??.' });
      expect(shown['path-mtu']).toBe('1500 ? 1500 ? ? ?');
      expect(noteOn(result, 'udp/8472', 'h1', 'h3')).toBe('nobody answered ARP for h3 eth0 on h1 eth0');
    });

    it('promises no more than the smaller interface of a pair', async () => {
      world.inside('h2', 'ip', 'link', 'set', 'eth0', 'mtu', '1400');
      const result = await probe();
      world.inside('h2', 'ip', 'link', 'set', 'eth0', 'mtu', '1500');
      expect(picture(result)).toEqual({
        'path-mtu': '1400 1500 1400 1400 1500 1400',
        'tunnel-mtu/8472': '1350 1450 1350 1350 1450 1350',
        'tunnel-mtu/4789': '1350 1450 1350 1350 1450 1350',
      });
    });

    it('sends pod addresses past the host’s own address translation', async () => {
      const rules = ['ip saddr 10.42.0.0/16 masquerade'];
      world.filter('h1', { family: 'ip', hook: 'postrouting', type: 'nat', rules });
      expect(picture(await probe())).toEqual(HEALTHY);
    });

    it('finds damaged checksums by the kernel’s own count', async () => {
      world.inside('h1', 'perl', '-e', TX_CHECKSUM_OFF, 'eth0');
      const rules = ['iifname p-h1 udp dport { 8473, 4789 } udp checksum set 0x1234'];
      world.filter('sw', { family: 'bridge', hook: 'forward', rules });
      expect(picture(await probe())).toEqual({
        ...HEALTHY,
        'udp/4789': '.cc +.+ ++.',
        'udp/8473': '.cc +.+ ++.',
        'vxlan/4789': '.cc +.+ ++.',
        'tunnel-mtu/4789': '? ? 1450 1450 1450 1450',
      });
    });
  },
);

/** ETHTOOL_STXCSUM off: the kernel finishes checksums itself, so that a change on the way is damage. */
const TX_CHECKSUM_OFF =
  'socket(my $s, 2, 2, 0) or die; my $off = pack "L L", 0x17, 0; ' +
  'ioctl($s, 0x8946, pack "a16 P", $ARGV[0], $off) or die "$!"';

describe.skipIf(!canBuildWorlds).each(['perl', 'python'] as const)(
  'hosts with services, %s agents',
  (language) => {
    let world: World;
    beforeAll(() => {
      world = buildWorld('switched', 3);
    });
    afterAll(() => world.remove());

    it('works beside a running flannel.1 on the same port, and does not disturb it', async () => {
      for (const [i, name] of ['h1', 'h2'].entries()) {
        const other = i === 0 ? '10.77.0.12' : '10.77.0.11';
        world.inside(
          name,
          'sh',
          '-ec',
          [
            `ip link add flannel.1 address 02:00:00:00:00:0${i + 1} type vxlan id 1 dstport 8472 nolearning dev eth0 local 10.77.0.1${i + 1}`,
            `ip addr add 10.42.${i}.0/32 dev flannel.1 && ip link set flannel.1 up`,
            `ip route add 10.42.${1 - i}.0/32 dev flannel.1 src 10.42.${i}.0`,
            `ip neigh add 10.42.${1 - i}.0 lladdr 02:00:00:00:00:0${2 - i} dev flannel.1 nud permanent`,
            `bridge fdb add 02:00:00:00:00:0${2 - i} dev flannel.1 dst ${other}`,
          ].join('\n'),
        );
      }
      const before = world.inside('h1', 'ip', '-d', 'link', 'show', 'flannel.1');
      const pings = world.start('h1', 'perl', '-e', PINGER, '10.42.1.0', '10.42.0.0');
      await pings.line('started');
      expect(picture(await probeWorld(world, { language, pods: '10.43.0.0/16' }))).toEqual(HEALTHY);
      const { sent, lost } = JSON.parse(await pings.stop()) as { sent: number; lost: number };
      expect(sent).toBeGreaterThan(10);
      expect(lost).toBe(0);
      expect(world.inside('h1', 'ip', '-d', 'link', 'show', 'flannel.1')).toBe(before);
      for (const name of ['h1', 'h2']) world.inside(name, 'ip', 'link', 'del', 'flannel.1');
    });

    it('measures the port of a device that shares its socket with nobody, by hand-made frames', async () => {
      world.inside('h3', 'ip', 'link', 'add', 'cilium_vxlan', 'type', 'vxlan', 'external', 'dstport', '8472');
      world.inside('h3', 'ip', 'link', 'set', 'cilium_vxlan', 'up');
      const result = await probeWorld(world, { language });
      expect(picture(result)).toEqual(HEALTHY);
      expect(matrixNamed(result, 'vxlan/8472').method).toMatch(
        /hand-made frames .*: h3 \(.*(File exists|in use)/,
      );
      expect(world.inside('h3', 'ip', '-br', 'link', 'show', 'cilium_vxlan')).toContain('UP');
      world.inside('h3', 'ip', 'link', 'del', 'cilium_vxlan');
    });

    it('never completes a connection to a service', async () => {
      const service = world.start('h2', 'perl', '-e', ACCEPTOR, '6443');
      await service.line('started');
      expect(picture(await probeWorld(world, { language }))).toEqual(HEALTHY);
      expect(JSON.parse(await service.stop())).toEqual({ accepted: 0 });
    });
  },
);

/** Pings through the tunnel every 20 ms until its input ends; tells how many of the answers stayed away. */
const PINGER = `
  use strict; use Socket; $| = 1; my ($to, $from) = @ARGV;
  socket(my $s, 2, 3, 1) or die; bind $s, pack_sockaddr_in(0, inet_aton($from));
  sub sum { my $t = unpack '%32n*', shift; $t = ($t & 0xffff) + ($t >> 16) while $t >> 16; ~$t & 0xffff }
  my ($sent, $got, $end) = (0, 0, 0); print "started\\n";
  until ($end) {
    my $body = 'tunnel' . pack 'n', $sent; my $sum = sum(pack('C C n n n', 8, 0, 0, 7, $sent) . $body);
    send $s, pack('C C n n n', 8, 0, $sum, 7, $sent) . $body, 0, pack_sockaddr_in(0, inet_aton($to)) and $sent++;
    my $want = $sent;
    for (1 .. 50) { my $r = ''; vec($r, fileno $s, 1) = 1; last if select($r, undef, undef, 0.02) <= 0 && $_ > 1;
      next unless vec $r, fileno $s, 1; recv $s, my $b, 2000, 0; next unless ord(substr $b, 20, 1) == 0 && $b =~ /tunnel/; $got++; last }
    select undef, undef, undef, 0.02;
    my $r = ''; vec($r, 0, 1) = 1; $end = select($r, undef, undef, 0) > 0;
  }
  printf "{\\"sent\\":%d,\\"lost\\":%d}\\n", $sent, $sent - $got;
`;

/** A TCP service that counts whom it accepted. */
const ACCEPTOR = `
  use strict; use IO::Socket::INET; $| = 1;
  my $l = IO::Socket::INET->new(LocalPort => $ARGV[0], Listen => 50, ReuseAddr => 1) or die; my $n = 0; print "started\\n";
  while (1) { my $r = ''; vec($r, $_, 1) = 1 for 0, fileno $l; select $r, undef, undef, undef;
    if (vec $r, fileno $l, 1) { $l->accept and $n++; next }
    last if vec $r, 0, 1 }
  print "{\\"accepted\\":$n}\\n";
`;

describe.skipIf(!canBuildWorlds).each(['perl', 'python'] as const)(
  'hosts behind a router, %s agents',
  (language) => {
    let world: World;
    beforeAll(() => {
      world = buildWorld('routed', 3);
    });
    afterEach(() => world.heal());
    afterAll(() => world.remove());

    it('finds that every path has a gateway and MTU 1450', async () => {
      const result = await probeWorld(world, { language });
      expect(picture(result)).toEqual(HEALTHY_ROUTED);
      expect(noteOn(result, 'adjacency', 'h1', 'h2')).toBe('routed through 10.77.0.1');
    });

    it('finds a router that checks sources', async () => {
      const rules = ['ip saddr 10.42.0.0/16 drop'];
      world.filter('sw', { family: 'ip', hook: 'forward', rules });
      expect(picture(await probeWorld(world, { language }))).toEqual({
        ...HEALTHY_ROUTED,
        source: '.-- -.- --.',
      });
    });

    it('tells a protocol that is always lost from one that a stateful router lets answer', async () => {
      const rules = ['ip protocol 47 drop', 'ct state established accept', 'oifname p-h2 ip protocol 4 drop'];
      world.filter('sw', { family: 'ip', hook: 'forward', rules });
      const result = await probeWorld(world, { language });
      expect(picture(result)).toEqual({
        ...HEALTHY_ROUTED,
        'protocol/47': '.-- -.- --.',
      });
      expect(noteOn(result, 'protocol/4', 'h1', 'h2')).toMatch(/^lost when sent first/);
    });

    it('proves cold passage after a silence, and disproves it where a stateful router forgets', async () => {
      const generic = '/proc/sys/net/netfilter/nf_conntrack_generic_timeout';
      world.inside('sw', 'sh', '-c', `echo 1 > ${generic}`);
      const rules = ['ct state established accept', 'oifname p-h2 ip protocol 4 drop'];
      world.filter('sw', { family: 'ip', hook: 'forward', rules });
      const result = await probeWorld(world, { language, deep: true, idleMs: 1300 });
      expect(matrixNamed(result, 'protocol/4').rows).toEqual(['.w+', '+.+', '+w.']);
      expect(matrixNamed(result, 'protocol/50').rows).toEqual(['.++', '+.+', '++.']);
      expect(noteOn(result, 'protocol/4', 'h1', 'h2')).toBe(
        'lost after a silence, passes after the peer has spoken: a stateful filter',
      );
    });
  },
);
