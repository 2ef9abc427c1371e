import type { z } from 'zod';
import type { candidateNetworkSchema } from '../model/probe-matrix.js';

export type CandidateNetwork = z.infer<typeof candidateNetworkSchema>;

/** Ports and protocols whose reach is measured. Control ports are measured beside them. */
export interface ProbePorts {
  readonly udp: readonly number[];
  readonly tcp: readonly number[];
  /** UDP ports that real VXLAN frames are sent to. */
  readonly vxlan: readonly number[];
  /** UDP ports on which WireGuard's handshake is tried. */
  readonly wireguard: readonly number[];
  /** TCP port that answers on every host that Drover reaches. */
  readonly tcpControl: number;
}

/** What the agents understand as a kind of packet. */
export type PacketKind = 'udp' | 'tcp' | 'icmp' | 'raw' | 'vxlan' | 'wireguard' | 'source';

/** One probe of one network under the number that packets carry. */
export interface Probe {
  readonly id: number;
  readonly net: number;
  readonly kind: PacketKind;
  /** Port, IP protocol number, or the source address of a `source` probe. */
  readonly number: number | string;
  readonly control: boolean;
}

/** A network with its probes; `members` are indexes of hosts, in the order of the hosts. */
export interface NetworkLayout {
  readonly net: number;
  readonly network: CandidateNetwork;
  readonly members: readonly number[];
  readonly probes: readonly Probe[];
  /** Random high UDP port that stands for "any port"; size probes use it too. */
  readonly control: number;
}

/** IP protocols that cluster networks need by themselves: IPIP, GRE, ESP. */
const RAW_PROTOCOLS = [4, 47, 50] as const;

export interface LayoutInput {
  readonly hosts: readonly string[];
  readonly networks: readonly CandidateNetwork[];
  readonly ports: ProbePorts;
  readonly controlPort: number;
  /** Source address inside the pod range that no pod has; absent = no source probe. */
  readonly podAddress: string | undefined;
}

const probesOf = ({ ports, controlPort, podAddress }: LayoutInput): Omit<Probe, 'id' | 'net'>[] => [
  { kind: 'icmp', number: 0, control: true },
  ...ports.udp.map((port) => ({ kind: 'udp' as const, number: port, control: false })),
  { kind: 'udp', number: controlPort, control: true },
  ...ports.tcp.map((port) => ({ kind: 'tcp' as const, number: port, control: port === ports.tcpControl })),
  ...RAW_PROTOCOLS.map((protocol) => ({ kind: 'raw' as const, number: protocol, control: false })),
  ...ports.vxlan.map((port) => ({ kind: 'vxlan' as const, number: port, control: false })),
  ...ports.wireguard.map((port) => ({ kind: 'wireguard' as const, number: port, control: false })),
  ...(podAddress === undefined ? [] : [{ kind: 'source' as const, number: podAddress, control: false }]),
];

/** Numbers all probes of all networks. Networks with fewer than two of the hosts have nothing to measure. */
export const layOut = (input: LayoutInput): readonly NetworkLayout[] => {
  let next = 0;
  return input.networks
    .filter(({ cidr }) => !cidr.includes(':'))
    .map((network) => ({
      network,
      members: [...input.hosts.keys()].filter((i) => network.members[input.hosts[i] ?? ''] !== undefined),
    }))
    .filter(({ members }) => members.length > 1)
    .map(({ network, members }, net) => ({
      net,
      network,
      members,
      control: input.controlPort,
      probes: probesOf(input).map((probe) => ({ ...probe, net, id: next++ })),
    }));
};
