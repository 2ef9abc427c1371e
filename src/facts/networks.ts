import ipaddr from 'ipaddr.js';
import type { z } from 'zod';
import type { HostFacts } from './model/host-facts.js';
import type { Link } from './model/network.js';
import type { candidateNetworkSchema } from './model/probe-matrix.js';

type CandidateNetwork = z.infer<typeof candidateNetworkSchema>;
type Member = CandidateNetwork['members'][string];

/** What the spec says about the node network. */
export interface WantedNetwork {
  /** Range of the node network. */
  readonly nodes: string;
  /** Interface of the node network, when the spec names one. */
  readonly interface?: string | undefined;
}

/** An address of a host with the network that it belongs to. */
interface Place {
  readonly host: string;
  readonly cidr: string;
  readonly member: Member;
}

/** Networks that clusters and container engines make themselves: they need one of the others below them. */
const MADE_BY_CLUSTERS =
  /^(cni|docker|br-|veth|cali|flannel|cilium|lxc|virbr|tunl|vxlan|kube-|nodelocaldns|wg|drvx|lo$)/;
const VIRTUAL_KINDS = new Set(['vxlan', 'ipip', 'gre', 'wireguard', 'geneve', 'dummy', 'tun']);

/** Public addresses share no range, yet reach each other; they form the network of default routes. */
const EVERYWHERE = '0.0.0.0/0';

const isCandidate = (link: Link): boolean =>
  link.up && !MADE_BY_CLUSTERS.test(link.name) && !(link.kind !== undefined && VIRTUAL_KINDS.has(link.kind));

const contains = (cidr: string, address: string): boolean => {
  if (!ipaddr.isValidCIDR(cidr)) return false;
  const parsed = ipaddr.parse(address);
  const range = ipaddr.parseCIDR(cidr);
  return parsed.kind() === range[0].kind() && parsed.match(range);
};

const prefixOf = (cidr: string): number => Number(cidr.split('/')[1]);

/** The range of an address that stands alone (/32, as on Hetzner): the narrowest route out of its own interface. */
const routedRange = (host: HostFacts, link: Link, address: string): string | undefined => {
  const ranges = (host.sections.routes?.value?.routes ?? [])
    .filter(({ device, destination }) => device === link.name && destination.includes('/'))
    .map(({ destination }) => destination)
    .filter((cidr) => contains(cidr, address) && prefixOf(cidr) < 32 && prefixOf(cidr) > 0);
  return ranges.sort((a, b) => prefixOf(b) - prefixOf(a))[0];
};

const rangeOf = (host: HostFacts, link: Link, { address, prefix }: Link['addresses'][number]): string => {
  if (prefix < 32)
    return `${ipaddr.IPv4.networkAddressFromCIDR(`${address}/${prefix}`).toString()}/${prefix}`;
  return routedRange(host, link, address) ?? EVERYWHERE;
};

const isPublic = (address: string): boolean => ipaddr.parse(address).range() === 'unicast';

const placesOf = (host: HostFacts, wanted: WantedNetwork | undefined): readonly Place[] =>
  (host.sections.links?.value ?? []).filter(isCandidate).flatMap((link) =>
    link.addresses
      .filter(({ family, scope }) => family === 'inet' && scope === 'global')
      .map((entry) => {
        const inWanted = wanted !== undefined && contains(wanted.nodes, entry.address);
        const offered = inWanted && (wanted.interface === undefined || wanted.interface === link.name);
        const cidr = offered ? wanted.nodes : rangeOf(host, link, entry);
        return {
          host: host.name,
          cidr,
          member: { interface: link.name, address: entry.address, mtu: link.mtu },
        };
      }),
  );

const group = (places: readonly Place[]): ReadonlyMap<string, readonly Place[]> => {
  const groups = new Map<string, Place[]>();
  for (const place of places) groups.set(place.cidr, [...(groups.get(place.cidr) ?? []), place]);
  return groups;
};

/** The address by which Drover reached the host wins where an interface has several on one network. */
const membersOf = (places: readonly Place[], hosts: readonly HostFacts[]): Record<string, Member> => {
  const members: Record<string, Member> = {};
  const contacts = new Map(hosts.map(({ name, address }) => [name, address]));
  for (const { host, member } of places)
    if (members[host] === undefined || member.address === contacts.get(host)) members[host] = member;
  return members;
};

/**
 * The networks on which a cluster of these hosts could live: what at least two hosts share, from their links and
 * routes. Public addresses that share no range are taken together as `0.0.0.0/0`. The spec's node network comes first.
 */
export const candidateNetworks = (
  hosts: readonly HostFacts[],
  wanted?: WantedNetwork,
): readonly CandidateNetwork[] => {
  const places = hosts.flatMap((host) => placesOf(host, wanted));
  const shared = new Set([...group(places)].filter(([, all]) => hostsIn(all) > 1).map(([cidr]) => cidr));
  const joined = places.map((place) =>
    shared.has(place.cidr) || !isPublic(place.member.address) ? place : { ...place, cidr: EVERYWHERE },
  );
  return [...group(joined)]
    .filter(([, all]) => hostsIn(all) > 1)
    .map(([cidr, all]) => ({ cidr, wanted: cidr === wanted?.nodes, members: membersOf(all, hosts) }))
    .sort((a, b) => Number(b.wanted) - Number(a.wanted) || a.cidr.localeCompare(b.cidr));
};

const hostsIn = (places: readonly Place[]): number => new Set(places.map(({ host }) => host)).size;
