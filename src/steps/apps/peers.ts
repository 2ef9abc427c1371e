import { formatAddress, nthAddress, parseCidr } from '../../core/cidr.js';
import type { AppsInput } from './input.js';

type Fields = Readonly<Record<string, unknown>>;

/** Every pod of a namespace. */
export const namespacePeer = (namespace: string): Fields => ({
  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
});

export const block = (cidr: string): Fields => ({ ipBlock: { cidr } });

export const single = (address: string): string => `${address}/${address.includes(':') ? 128 : 32}`;

/** Flannel gives a node's own packets the first two addresses of its range: the tunnel's and the bridge's. */
const ownAddresses = (podRange: string): readonly string[] => {
  const range = parseCidr(podRange);
  if (range === undefined) return [];
  return [0, 1].flatMap((n) => {
    const address = nthAddress(range, n);
    return address === undefined ? [] : [single(formatAddress(address))];
  });
};

/**
 * Where requests of programs on the nodes' own network come from, the API's proxy among them. They have no labels that a
 * policy could match: they are addresses of nodes, and of the tunnels between them. Only Flannel's are known beforehand.
 */
export const nodePeers = ({ cluster: { spec }, nodes }: AppsInput): readonly Fields[] => {
  const { cni, nodes: nodeRange, pods } = spec.network;
  const tunnels =
    cni.name === 'flannel' ? nodes.flatMap(({ podRange = '' }) => ownAddresses(podRange)) : [pods];
  return [nodeRange, ...tunnels].map(block);
};

const namespaceOfIngress = (controller: string): string =>
  controller === 'nginx' ? 'ingress-nginx' : controller;

/** Where requests of the ingress come from. */
export const ingressPeers = (input: AppsInput): readonly Fields[] => {
  const { controller, hostNetwork } = input.cluster.spec.ingress;
  return hostNetwork ? nodePeers(input) : [namespacePeer(namespaceOfIngress(controller))];
};
