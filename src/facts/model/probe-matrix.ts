import { z } from 'zod';

/**
 * Outcome of one probe between one ordered pair, one character each so that 500 hosts stay readable and small:
 *   `+` arrived and was delivered      `-` left the sender, never seen at the receiver's interface
 *   `n` seen at the receiver's interface, not delivered (dropped by the receiving host itself)
 *   `s` never left the sender (no route, local firewall, kernel refused)
 *   `r` refused (RST or ICMP unreachable)     `c` arrived damaged (checksum)
 *   `w` passes after the peer spoke first; cold passage is not proven
 *   `?` not measured      `.` the host itself
 */
export const CELLS = ['+', '-', 'n', 's', 'r', 'c', 'w', '?', '.'] as const;
export type Cell = (typeof CELLS)[number];

export const PROBE_KINDS = [
  'tcp', // TCP connect to a port (a control port, or one that is listened on)
  'udp', // datagrams with random source ports to a port
  'vxlan', // a real VXLAN frame with a rare VNI to a UDP port
  'wireguard', // data through a temporary WireGuard device on a UDP port: a real handshake
  'protocol', // a raw IP protocol: 4 IPIP, 47 GRE, 50 ESP
  'icmp', // echo
  'path-mtu', // values: largest unfragmented IP packet in bytes
  'tunnel-mtu', // values: largest inner IP packet through a real VXLAN tunnel in bytes
  'adjacency', // + = same L2 segment, - = behind a gateway
  'source', // a packet whose source lies in the pod range: + arrives, - dropped by a source check
  'latency', // values: round trip in microseconds
] as const;

/** One probe over all ordered pairs of hosts on one network. Row = sender, column = receiver, in the order of `hosts`. */
export const probeMatrixSchema = z.strictObject({
  /** `udp/8472@10.0.0.0/24`: kind, number where there is one, network. */
  id: z.string(),
  kind: z.enum(PROBE_KINDS),
  /** Port or IP protocol number. */
  number: z.number().int().optional(),
  /** Network (CIDR) whose addresses were used. */
  network: z.string(),
  /** Control probes say whether the path works at all, so that a lost port can be told from a lost path. */
  control: z.boolean(),
  hosts: z.array(z.string()),
  /** One string per sender, one cell per receiver. Empty for kinds with values. */
  rows: z.array(z.string()),
  /** For kinds with values: the usual value and the pairs that differ, as [from, to, value] indexes; value -1 = not measured. */
  values: z
    .strictObject({
      usual: z.number(),
      except: z.array(z.tuple([z.number().int(), z.number().int(), z.number()])),
    })
    .optional(),
  /** For `tcp`: who answered: Drover's own listener or a service of the host. For `udp`: bound socket or capture. */
  method: z.string(),
  /** ISO 8601. */
  at: z.string(),
  /** Remarks on single pairs that explain a cell: [from, to, text]. */
  notes: z.array(z.tuple([z.number().int(), z.number().int(), z.string()])),
});
export type ProbeMatrix = z.infer<typeof probeMatrixSchema>;

/** A network that hosts share, and the address and interface each host has on it. */
export const candidateNetworkSchema = z.strictObject({
  cidr: z.string(),
  /** True when the spec names it as the node network. */
  wanted: z.boolean(),
  members: z.record(
    z.string(),
    z.strictObject({ interface: z.string(), address: z.string(), mtu: z.number().int() }),
  ),
});
