import { createPrivateKey, createPublicKey } from 'node:crypto';
import type { Shot } from './evidence.js';
import type { NetworkLayout, Probe } from './layout.js';
import type { Outcome } from './outcome.js';
import { hasTunnel, type ProbeRun, pairsOf } from './run.js';

/** A key pair of X25519 as hexadecimal text; it lives as long as one run. */
export interface WireguardKeys {
  readonly private: string;
  readonly public: string;
}

/** Head of PKCS #8 for a bare X25519 key (RFC 8410). */
const PKCS8 = Buffer.from('302e020100300506032b656e04220420', 'hex');

/** The key pair of 32 random bytes. */
export const wireguardKeys = (seed: Uint8Array): WireguardKeys => {
  const key = createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' });
  const { x = '' } = createPublicKey(key).export({ format: 'jwk' });
  return {
    private: Buffer.from(seed).toString('hex'),
    public: Buffer.from(x, 'base64url').toString('hex'),
  };
};

/** Tells an agent its own key and the public keys of all members. */
export const guardCommand = (
  { id }: Probe,
  { members }: NetworkLayout,
  { own, keys }: { readonly own: number; readonly keys: readonly WireguardKeys[] },
): string => {
  const peers = members.map((peer) => `${peer}:${keys[peer]?.public ?? ''}`).join(',');
  return `guard ${id} ${keys[own]?.private ?? ''} ${peers}`;
};

/**
 * Pairs whose both ends have a device: nothing is sent to the others. `half` keeps one direction of every pair: when both
 * ends begin at once, each forgets its own handshake over the other's and waits five seconds.
 */
export const guardShots = (run: ProbeRun, half: 'up' | 'down'): readonly Shot[] =>
  run.layouts.flatMap((layout) =>
    layout.probes
      .filter(({ kind }) => kind === 'wireguard')
      .flatMap(({ id }) =>
        pairsOf(run, layout)
          .filter(([from, to]) => (half === 'up' ? from < to : from > to))
          .filter(([from, to]) => hasTunnel(run, id, from) && hasTunnel(run, id, to))
          .map(([from, to]) => ({ probe: id, variant: 0, from, to })),
      ),
  );

/** Fewer than two devices measure nothing: kernels without WireGuard are a fact of their own. */
export const isGuardable = (run: ProbeRun, { members }: NetworkLayout, { id, kind }: Probe): boolean =>
  kind !== 'wireguard' || members.filter((host) => hasTunnel(run, id, host)).length > 1;

/** Data came through = the handshake passed both ways. A lost one is explained by the port where that is lost, too. */
export const guardOutcome = (
  run: ProbeRun,
  shot: Shot,
  plain: (shot: Shot) => Outcome | undefined,
): Outcome => {
  for (const host of [shot.from, shot.to]) {
    if (hasTunnel(run, shot.probe, host)) continue;
    const problem = run.agents.get(host)?.tunnel(shot.probe)?.problem ?? '';
    return { cell: '?', note: `no WireGuard device on ${run.hosts[host] ?? ''}: ${problem}` };
  }
  if (run.evidence.has('t', shot)) return { cell: '+' };
  const there = plain(shot);
  if (there !== undefined && there.cell !== '+') return there;
  const back = plain({ ...shot, from: shot.to, to: shot.from });
  if (back !== undefined && back.cell !== '+')
    return { cell: '-', note: `no handshake: ${run.hosts[shot.to] ?? ''} cannot answer on this port` };
  return { cell: '-', note: 'no handshake although plain datagrams to the port pass both ways' };
};
