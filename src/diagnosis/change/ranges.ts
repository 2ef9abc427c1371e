import { type Cidr, cidrOf, contains, formatCidr, overlaps, parseCidr } from '../../core/cidr.js';
import type { Evidence } from '../../core/events/finding.js';
import type { ClusterFacts } from '../../facts/cluster/cluster-facts.js';
import type { ClusterSpec } from '../../spec/schema/cluster.js';

type Network = ClusterSpec['network'];

/** The range that the agents of a network in this cluster have; undefined = none are there, or others have put them there. */
export const livingPool = (agents: RegExp, cluster: ClusterFacts | undefined): string | undefined =>
  cluster?.workloads.find(
    ({ namespace, name, pool }) => pool !== undefined && agents.test(`${namespace}/${name}`),
  )?.pool;

/** A network that is there keeps its range; else what the spec says, else the upper half of the pods'. */
export const poolBeside = (
  network: Network,
  agents: RegExp,
  cluster: ClusterFacts | undefined,
): Cidr | undefined => {
  const text = livingPool(agents, cluster) ?? network.cni.pool;
  return text === undefined ? upperHalf(network) : parseCidr(text);
};

/** A network that nothing else stands beside takes all of the pods' range. */
export const poolAlone = (
  network: Network,
  agents: RegExp,
  cluster: ClusterFacts | undefined,
): Cidr | undefined => parseCidr(livingPool(agents, cluster) ?? network.cni.pool ?? network.pods);

/**
 * The upper half of the pod range: distinct from the ranges of the first nodes, and still one that kube-proxy takes for
 * pods. Undefined when the range cannot be halved.
 */
const upperHalf = ({ pods }: Network): Cidr | undefined => {
  const range = parseCidr(pods);
  if (range === undefined || range.prefix >= (range.family === 4 ? 30 : 126)) return undefined;
  const half = 1n << BigInt((range.family === 4 ? 32 : 128) - range.prefix - 1);
  return cidrOf({ family: range.family, value: range.network + half }, range.prefix + 1);
};

export const collision = (pool: Cidr, name: string, text: string | undefined, fact: string): Evidence[] => {
  const range = text === undefined ? undefined : parseCidr(text);
  return range !== undefined && range.family === pool.family && overlaps(pool, range)
    ? [{ fact, text: `the new pool ${formatCidr(pool)} overlaps ${name} ${text ?? ''}` }]
    : [];
};

/** The smallest range that holds the ranges of all nodes; undefined = nobody knows them. */
export const rangeOfNodes = (cluster: ClusterFacts | undefined): Cidr | undefined => {
  const ranges = (cluster?.nodes ?? []).flatMap(({ podRange }) => parseCidr(podRange ?? '') ?? []);
  const [first] = ranges;
  if (first === undefined || ranges.some(({ family }) => family !== first.family)) return undefined;
  const address = { family: first.family, value: first.network };
  const wider = Array.from({ length: first.prefix + 1 }, (_, less) => cidrOf(address, first.prefix - less));
  return wider.find((range) => ranges.every((each) => contains(range, each)));
};

/** Ranges of nodes in which another network has its pool, with both. */
export const nodeCollisions = (
  pool: Cidr,
  title: string,
  cluster: ClusterFacts | undefined,
): readonly Evidence[] =>
  (cluster?.nodes ?? []).flatMap(({ name, podRange = '' }) => {
    const range = parseCidr(podRange);
    return range !== undefined && range.family === pool.family && overlaps(pool, range)
      ? [
          {
            fact: 'kubernetes.nodes',
            text: `the pool ${formatCidr(pool)} of ${title} lies over ${podRange}, from which pods on ${name} would get addresses`,
          },
        ]
      : [];
  });

/** What the new pool would take away from others: ranges of nodes that pods live in, nodes, Services, the provider. */
export const poolCollisions = (
  pool: Cidr,
  network: Network,
  cluster: ClusterFacts | undefined,
): readonly Evidence[] => [
  ...(cluster?.nodes ?? []).flatMap(({ name, podRange }) =>
    collision(pool, `the range of ${name},`, podRange, 'kubernetes.nodes'),
  ),
  ...collision(pool, 'the node network', network.nodes, 'spec.network.nodes'),
  ...collision(pool, 'the Services', network.services, 'spec.network.services'),
  ...collision(pool, 'the provider network', network.provider?.range, 'spec.network.provider.range'),
];
