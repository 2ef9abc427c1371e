import { type Cidr, parseCidr } from '../core/cidr.js';
import type { Path } from './path.js';
import type { ClusterSpec } from './schema/cluster.js';

/** A range of the spec with its name for messages and its place. */
export interface NamedRange {
  readonly name: string;
  readonly text: string;
  readonly cidr: Cidr;
  readonly path: Path;
}

const named = (name: string, text: string | undefined, path: Path): readonly NamedRange[] => {
  const cidr = text === undefined ? undefined : parseCidr(text);
  return cidr === undefined || text === undefined
    ? []
    : [{ name, text, cidr, path: ['spec', 'network', ...path] }];
};

type Network = ClusterSpec['network'];

export const nodeRange = ({ nodes }: Network): readonly NamedRange[] => named('nodes', nodes, ['nodes']);
export const podRange = ({ pods }: Network): readonly NamedRange[] => named('pods', pods, ['pods']);
export const serviceRange = ({ services }: Network): readonly NamedRange[] =>
  named('Services', services, ['services']);
export const providerRange = ({ provider }: Network): readonly NamedRange[] =>
  named('the provider network', provider?.range, ['provider', 'range']);

/** The ranges that the cluster itself uses: nodes, pods, Services. */
export const clusterRanges = (network: Network): readonly NamedRange[] => [
  ...nodeRange(network),
  ...podRange(network),
  ...serviceRange(network),
];
