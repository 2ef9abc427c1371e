import { createPrivateKey, createPublicKey, diffieHellman } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Agent } from '../../../src/facts/probes/agent.js';
import { createEvidence, type Shot } from '../../../src/facts/probes/evidence.js';
import { layOut } from '../../../src/facts/probes/layout.js';
import type { ProbeRun } from '../../../src/facts/probes/run.js';
import {
  guardCommand,
  guardOutcome,
  guardShots,
  isGuardable,
  wireguardKeys,
} from '../../../src/facts/probes/wireguard.js';

const HOSTS = ['a', 'b', 'c'];
const member = (address: string) => ({ interface: 'eth0', address, mtu: 1500 });
const [layout] = layOut({
  hosts: HOSTS,
  networks: [
    {
      cidr: '10.0.0.0/24',
      wanted: true,
      members: { a: member('10.0.0.1'), b: member('10.0.0.2'), c: member('10.0.0.3') },
    },
  ],
  ports: { udp: [51820], tcp: [], vxlan: [], wireguard: [51820], tcpControl: 22 },
  controlPort: 61000,
  podAddress: undefined,
});
const probe = layout!.probes.find(({ kind }) => kind === 'wireguard')!;
const shot = (from: number, to: number): Shot => ({ probe: probe.id, variant: 0, from, to });

/** A run in which some hosts have a device, and an agent that says why when it has none. */
const runWith = (devices: readonly boolean[]): ProbeRun => {
  const agent = (has: boolean): Agent =>
    ({
      alive: () => true,
      tunnel: () => (has ? { device: 'drvw1p1', problem: '' } : { problem: 'Error: Unknown device type.' }),
    }) as Partial<Agent> as Agent;
  return {
    hosts: HOSTS,
    layouts: [layout!],
    agents: new Map(devices.map((has, index) => [index, agent(has)])),
    evidence: createEvidence(HOSTS.length),
  } as Partial<ProbeRun> as ProbeRun;
};

describe('keys', () => {
  it('of two hosts agree on a secret', () => {
    const seeds = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)] as const;
    const [one, other] = seeds.map(wireguardKeys);
    const privateKey = (hex: string) =>
      createPrivateKey({
        key: Buffer.from(`302e020100300506032b656e04220420${hex}`, 'hex'),
        format: 'der',
        type: 'pkcs8',
      });
    const publicKey = (hex: string) =>
      createPublicKey({
        key: { kty: 'OKP', crv: 'X25519', x: Buffer.from(hex, 'hex').toString('base64url') },
        format: 'jwk',
      });
    const secret = (mine: typeof one, theirs: typeof one): string =>
      diffieHellman({
        privateKey: privateKey(mine!.private),
        publicKey: publicKey(theirs!.public),
      }).toString('hex');
    expect(secret(one, other)).toBe(secret(other, one));
  });

  it('follow the published example', () => {
    // Bob's of RFC 7748, section 6.1.
    const seed = '5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb';
    expect(wireguardKeys(Buffer.from(seed, 'hex'))).toEqual({
      private: seed,
      public: 'de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f',
    });
  });

  it('are told to an agent with those of all members', () => {
    const keys = [3, 4, 5].map((byte) => wireguardKeys(Buffer.alloc(32, byte)));
    expect(guardCommand(probe, layout!, { own: 1, keys })).toBe(
      `guard ${probe.id} ${'04'.repeat(32)} 0:${keys[0]!.public},1:${keys[1]!.public},2:${keys[2]!.public}`,
    );
  });
});

describe('a handshake', () => {
  const lost = new Set<string>();
  const plain = ({ from, to }: Shot) =>
    lost.has(`${from}${to}`)
      ? ({ cell: 'n', note: 'dropped by that host' } as const)
      : ({ cell: '+' } as const);

  it('is begun by one end, and only between hosts that have a device', () => {
    const run = runWith([true, false, true]);
    expect(guardShots(run, 'up').map(({ from, to }) => [from, to])).toEqual([[0, 2]]);
    expect(guardShots(run, 'down').map(({ from, to }) => [from, to])).toEqual([[2, 0]]);
  });

  it('is not measured, and no failure, where a kernel has no WireGuard', () => {
    expect(guardOutcome(runWith([true, false, true]), shot(0, 1), plain)).toEqual({
      cell: '?',
      note: 'no WireGuard device on b: Error: Unknown device type.',
    });
    expect(isGuardable(runWith([true, false, true]), layout!, probe)).toBe(true);
    expect(isGuardable(runWith([true, false, false]), layout!, probe)).toBe(false);
  });

  it('counts when data came out of the tunnel', () => {
    const run = runWith([true, true, true]);
    run.evidence.take(1, { type: 'saw', where: 't', probe: probe.id, variant: 0, peers: [0] });
    expect(guardOutcome(run, shot(0, 1), plain)).toEqual({ cell: '+' });
    expect(guardOutcome(run, shot(1, 0), plain)).toMatchObject({
      cell: '-',
      note: 'no handshake although plain datagrams to the port pass both ways',
    });
  });

  it('is lost like the port, in either direction', () => {
    lost.add('01');
    const run = runWith([true, true, true]);
    expect(guardOutcome(run, shot(0, 1), plain)).toEqual({ cell: 'n', note: 'dropped by that host' });
    expect(guardOutcome(run, shot(1, 0), plain)).toEqual({
      cell: '-',
      note: 'no handshake: a cannot answer on this port',
    });
  });
});
