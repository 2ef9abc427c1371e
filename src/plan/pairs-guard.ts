import { parseDuration } from '../core/duration.js';
import { type Cluster, isMember } from '../spec/cluster.js';
import { networkPairs } from '../steps/guards/network-pairs.js';
import type { PairsParams } from '../steps/guards/pairs/params.js';
import { clusterDns } from '../steps/k3s/settings.js';
import type { World } from '../steps/step.js';
import type { Guard } from './model.js';

const EVERY_MS = 200;
const BLIND_MS = 60_000;
/** Includes the time in which images are pulled and pods start, before the first action. */
const SILENT_MS = 180_000;

export interface PairsGuardInput {
  readonly cluster: Cluster;
  readonly world: World;
  /** Ids of the actions that it watches over. */
  readonly during: readonly string[];
  /** `network.change.budget` of the spec. */
  readonly budget: Cluster['spec']['network']['change']['budget'];
}

const PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };

/** The first address of the acceptance that pods shall reach. */
const outside = ({ spec }: Cluster): PairsParams['services']['out'] => {
  const wanted = spec.acceptance.urls.find(({ from }) => from.includes('pod'));
  if (wanted === undefined) return null;
  const { hostname, port, protocol } = new URL(wanted.url);
  return { host: hostname, port: port === '' ? (PORTS[protocol] ?? 443) : Number(port) };
};

/** Nodes that the cluster has already, by name: one that is to join has no pods yet. */
const nodesOf = (cluster: Cluster, { cluster: facts }: World): string[] => {
  const living = new Set(facts?.nodes.map(({ name }) => name));
  return cluster.hosts
    .filter((host) => isMember(host) && living.has(host.name))
    .map(({ name }) => name)
    .sort();
};

const milliseconds = (text: string): number => {
  const ms = parseDuration(text);
  if (ms === undefined) throw new Error(`the duration ${text} was validated before`);
  return ms;
};

/**
 * Watches every pair of pods while the network changes, with the budget of the spec (fixed point i). What never
 * answered has no outage: a network that is broken may be repaired under it.
 */
export const pairsGuard = ({ cluster, world, during, budget }: PairsGuardInput): Guard => {
  const nodes = nodesOf(cluster, world);
  const { domain } = cluster.spec.network;
  const params: PairsParams = {
    everyMs: EVERY_MS,
    // The same choice as for `verify`.
    image: cluster.spec.acceptance.image,
    nodes,
    services: { dns: clusterDns(cluster), name: `kubernetes.default.svc.${domain}`, out: outside(cluster) },
    blindMs: BLIND_MS,
  };
  return {
    id: networkPairs.id,
    kind: networkPairs.id,
    title: networkPairs.title(params),
    params,
    hosts: nodes,
    during: [...during],
    budget: {
      longestMs: milliseconds(budget.longest),
      totalMs: milliseconds(budget.total),
      silentMs: SILENT_MS,
    },
    onBreach: budget.onBreach,
  };
};
