import type { Cell } from '../../facts/model/probe-matrix.js';
import { named } from '../compose.js';
import { udpTitle } from '../networks.js';
import { pathGrid } from '../paths/control.js';
import { type Grid, grid, passes } from '../paths/grid.js';
import { type Loss, lossEvidence, lossOf } from '../paths/loss.js';
import type { RuleContext } from '../rule.js';
import { lostPaths } from '../shapes/lost-paths.js';
import { type Check, impossible, needs, pass, unmeasured } from './check.js';

/** Number of paths that a grid really measured. */
const measuredPaths = (one: Grid, ok: (cell: Cell) => boolean = () => true): number =>
  one.hosts.reduce(
    (sum, _, from) =>
      sum +
      one.hosts.filter((__, to) => from !== to && one.cell(from, to) !== '?' && ok(one.cell(from, to)))
        .length,
    0,
  );

const passesWhole = (one: Grid | undefined): one is Grid => {
  const all = one === undefined ? 0 : measuredPaths(one);
  return one !== undefined && all > 0 && measuredPaths(one, passes) === all;
};

/** Whole paths that are lost stop every network. */
export const wholePaths = (context: RuleContext): Check => {
  const paths = pathGrid(context);
  const loss = paths === undefined ? undefined : lossOf(paths, { lost: (cell) => cell === '-' });
  return loss === undefined
    ? pass()
    : needs(
        `the paths of ${named(loss.culprits)} are repaired: nothing at all passes there now`,
        lossEvidence(loss, 'no control probe passes'),
      );
};

/** UDP ports that a tunnel could use instead, in order of preference. */
const ALTERNATIVES = [8473, 4789, 8472, 6081];

const otherPort = (context: RuleContext, port: number): number | undefined =>
  ALTERNATIVES.find(
    (one) => one !== port && passesWhole(grid(context, 'udp', one)) && framesPass(context, one),
  );

const framesPass = (context: RuleContext, port: number): boolean => {
  const frames = grid(context, 'vxlan', port);
  return frames === undefined || passesWhole(frames);
};

/** What to do about a lost port, by the place where it is lost. */
const REMEDY: Readonly<Record<string, (port: string, loss: Loss) => string>> = {
  '-': (port) => `${port} is opened between the hosts in the provider's firewall`,
  n: (port, loss) => `${port} is opened in the hosts' own firewall: ${named(loss.culprits)}`,
  s: (port, loss) => `${named(loss.culprits)} lets ${port} out`,
  r: (port, loss) => `${port} is allowed instead of rejected: ${named(loss.culprits)}`,
  c: (port, loss) => `checksum offload is switched off for ${port}: ${named(loss.culprits)}`,
};

export interface TunnelPort {
  readonly port: number;
  /** How the network's port is changed, as an option's name and value prefix. */
  readonly portOption: string;
  /** Must real VXLAN frames pass, too? */
  readonly vxlan: boolean;
  /** Must WireGuard's handshake pass, too? */
  readonly wireguard?: boolean;
}

/** Does the tunnel's UDP port pass, and do real frames pass on it? */
export const tunnelPort = (context: RuleContext, tunnel: TunnelPort): Check[] => {
  const { port, portOption } = tunnel;
  const udp = grid(context, 'udp', port);
  const paths = udp === undefined ? 0 : measuredPaths(udp);
  if (udp === undefined || paths === 0)
    return [unmeasured(`UDP ${port} between all hosts: run drover doctor with probes`)];
  const other = otherPort(context, port);
  const instead =
    other === undefined
      ? ''
      : `, or the tunnel moves to UDP ${other}, which passes (${portOption}: ${other})`;
  const lost = Object.entries(REMEDY).flatMap(([cells, remedy]) => {
    const loss = lostPaths(context, udp, { cells });
    return loss === undefined
      ? []
      : [needs(`${remedy(udpTitle(port), loss)}${instead}`, lossEvidence(loss, `UDP ${port} lost`))];
  });
  if (lost.length > 0) return lost;
  const proof = pass({
    fact: udp.fact,
    text: `UDP ${port} passes on ${measuredPaths(udp, passes)} of ${paths} paths`,
  });
  if (tunnel.wireguard === true) return [proof, handshake(context, port)];
  return tunnel.vxlan ? [proof, frames(context, tunnel)] : [proof];
};

const handshake = (context: RuleContext, port: number): Check => {
  const real = grid(context, 'wireguard', port);
  if (real === undefined || measuredPaths(real) === 0) return pass();
  const loss = lostPaths(context, real, { cells: '-nsrc' });
  return loss === undefined
    ? pass({
        fact: real.fact,
        text: `WireGuard's handshake and data pass on ${measuredPaths(real, passes)} of ${measuredPaths(real)} paths`,
      })
    : impossible(
        `WireGuard's handshake on UDP ${port} fails although the port passes: something on the way inspects it`,
        lossEvidence(loss, 'no handshake where plain datagrams arrive'),
      );
};

const frames = (context: RuleContext, { port, portOption }: TunnelPort): Check => {
  const real = grid(context, 'vxlan', port);
  if (real === undefined) return pass();
  const loss = lostPaths(context, real, { cells: '-nsc' });
  if (loss === undefined)
    return pass({
      fact: real.fact,
      text: `real VXLAN frames pass on ${measuredPaths(real, passes)} of ${measuredPaths(real)} paths`,
    });
  const seen = lossEvidence(loss, 'VXLAN frame lost where a plain datagram arrives');
  const proven = ALTERNATIVES.find(
    (one) => passesWhole(grid(context, 'udp', one)) && passesWhole(grid(context, 'vxlan', one)),
  );
  return proven === undefined
    ? impossible(
        `real VXLAN frames to UDP ${port} are lost although the port passes: something on the way inspects them`,
        seen,
      )
    : needs(
        `the tunnel moves to UDP ${proven}, where real VXLAN frames pass (${portOption}: ${proven})`,
        seen,
      );
};
