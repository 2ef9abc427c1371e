import { lacksNetwork } from '../../../diagnosis/change/lacks-network.js';
import { networkChange } from '../../../diagnosis/change/ways.js';
import type { FactsFile } from '../../../facts/model/facts-file.js';
import { isOwnTuple } from '../../../steps/host/ufw-rules.js';
import type { PlanRequest } from '../plan-request.js';

/**
 * What is wrong with a cluster whose network somebody has begun to change, or whose network is broken: the change mends it, or
 * takes it away, so it does not stand in its way.
 */
const MENDED_BY_CHANGE = [
  'several-networks',
  'vxlan-device-stale',
  'flannel-masquerade',
  'conflist-stale',
  'calico-default-deny',
  'cilium-rules',
  'cluster-dns-down',
  'ipip-no-routes',
];

/** What a cluster without any network suffers from, until it has the one that is asked for. */
const MENDED_BY_NETWORK = ['no-cluster-network', 'cluster-dns-down', 'cluster-node-not-ready'];

/** Flannel takes its own device again; another network would find its port held. */
const MENDED_BY_FLANNEL = [...MENDED_BY_NETWORK, 'vxlan-device-stale'];

/** What a firewall shuts out that has no rules yet for the network that is asked for. */
const MENDED_BY_RULES = [
  'ufw-blocks',
  'udp-blocked-by-host',
  'udp-refused',
  'tcp-blocked-by-host',
  'vxlan-frames-lost',
];

type Request = Pick<PlanRequest, 'cluster' | 'only'>;

/** Does the plan write rules on every host that filters? One about the network alone does so where Drover has written the others. */
const opensPorts = ({ cluster, only }: Request, { hosts }: FactsFile): boolean =>
  cluster.spec.preparation.firewall.kind === 'ufw' &&
  (only === undefined ||
    hosts.every(({ sections }) => {
      const ufw = sections.firewall?.value?.ufw;
      return ufw?.active !== true || ufw.rules.some(isOwnTuple);
    }));

const mendedIn = ({ cluster }: Request, facts: FactsFile): readonly string[] => {
  if (networkChange({ facts, cluster }) !== undefined) return MENDED_BY_CHANGE;
  if (!lacksNetwork({ facts, cluster })) return [];
  return cluster.spec.network.cni.name === 'flannel' ? MENDED_BY_FLANNEL : MENDED_BY_NETWORK;
};

/** Findings that do not stand in the way of a network that comes, first or next, because the plan mends them. Pure. */
export const mendedByChange = (request: Request, facts: FactsFile): readonly string[] => {
  const mended = mendedIn(request, facts);
  return mended.length > 0 && opensPorts(request, facts) ? [...mended, ...MENDED_BY_RULES] : mended;
};
