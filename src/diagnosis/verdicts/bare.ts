import { isMember } from '../../spec/cluster.js';
import { named } from '../compose.js';
import { grid } from '../paths/grid.js';
import { lossEvidence } from '../paths/loss.js';
import type { RuleContext } from '../rule.js';
import { lostPaths } from '../shapes/lost-paths.js';
import { type Check, impossible, needs, pass, unmeasured } from './check.js';

/** Does the provider keep a route for the pods of each node? */
const providerRoutes = (context: RuleContext): boolean =>
  context.cluster?.spec.network.provider?.routes === true;

/** A network of Hetzner holds so many routes, and each node needs one (hcloud-cloud-controller-manager#342). */
const MOST_ROUTES = 100;

const tooManyRoutes = ({ cluster }: RuleContext): Check | undefined => {
  const nodes = cluster?.hosts.filter(isMember).length ?? 0;
  if (cluster?.spec.network.provider?.kind !== 'hetzner-cloud' || nodes <= MOST_ROUTES) return undefined;
  return impossible(
    `the provider keeps at most ${MOST_ROUTES} routes in a network, and ${nodes} nodes need one each: a tunnel has no such limit`,
    { fact: 'spec.hosts', text: `${nodes} nodes` },
  );
};

export interface BareTraffic {
  /** The network's words for routes to pods via their node. */
  readonly called: string;
  /** Can routes at the provider stand in for neighbours? */
  readonly viaProvider: boolean;
}

/** Are the hosts neighbours, so that a route to pods can name their node as next hop? */
export const neighbours = (context: RuleContext, { called, viaProvider }: BareTraffic): Check => {
  const adjacency = grid(context, 'adjacency');
  if (adjacency === undefined)
    return unmeasured('whether the hosts share one segment: run drover doctor with probes');
  const behind = lostPaths(context, adjacency, { cells: '-' });
  if (behind === undefined) {
    const known = adjacency.hosts.some((_, from) =>
      adjacency.hosts.some((__, to) => adjacency.cell(from, to) === '+'),
    );
    return known
      ? pass({ fact: adjacency.fact, text: 'all measured hosts share one segment (layer 2)' })
      : unmeasured('whether the hosts share one segment: run drover doctor with probes');
  }
  const seen = lossEvidence(behind, 'behind a gateway');
  if (viaProvider && providerRoutes(context))
    return (
      tooManyRoutes(context) ?? pass({ ...seen, text: `${seen.text}; the provider keeps the routes to pods` })
    );
  const instead = viaProvider
    ? '; routes kept by the provider would do (spec.network.provider.routes: true)'
    : '';
  return impossible(
    `${called} need neighbours, and a gateway stands between the hosts (layer 3)${instead}`,
    seen,
  );
};

/** Does the network let packets pass whose source is a pod's address? */
export const podSources = (context: RuleContext): Check => {
  if (providerRoutes(context)) return pass();
  const source = grid(context, 'source');
  const text =
    'the network lets pod addresses pass as sources, which was not measured: run drover doctor with probes';
  if (source === undefined) return needs(text);
  const dropped = lostPaths(context, source, { cells: '-rc' });
  if (dropped !== undefined)
    return impossible(
      'the network drops packets whose source is a pod (source check)',
      lossEvidence(dropped, 'pod address as source lost'),
    );
  const byHost = lostPaths(context, source, { cells: 'ns' });
  if (byHost !== undefined)
    return needs(
      `${named(byHost.culprits)} accepts packets from pod addresses: firewall, or rp_filter = 1`,
      lossEvidence(byHost, 'arrived, dropped by the host'),
    );
  const known = source.hosts.some((_, from) => source.hosts.some((__, to) => source.cell(from, to) === '+'));
  return known ? pass({ fact: source.fact, text: 'pod addresses pass as sources' }) : needs(text);
};
