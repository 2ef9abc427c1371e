import type { Matrix } from '../../core/events/matrix.js';
import { unreachable } from '../../core/unreachable.js';
import type { ProbeMatrix } from '../../facts/model/probe-matrix.js';

const PROTOCOLS: Readonly<Record<number, string>> = { 4: 'IPIP', 47: 'GRE', 50: 'ESP' };

const titleOf = ({ kind, number }: ProbeMatrix): string => {
  const text = String(number ?? '');
  switch (kind) {
    case 'tcp':
      return `TCP ${text}`;
    case 'udp':
      return `UDP ${text}`;
    case 'vxlan':
      return `VXLAN frames on UDP ${text}`;
    case 'wireguard':
      return `WireGuard handshake on UDP ${text}`;
    case 'protocol':
      return `IP protocol ${text} (${PROTOCOLS[number ?? 0] ?? 'unnamed'})`;
    case 'icmp':
      return 'ping';
    case 'path-mtu':
      return 'path MTU';
    case 'tunnel-mtu':
      return `MTU inside VXLAN on UDP ${text}`;
    case 'adjacency':
      return 'same network segment (L2)';
    case 'source':
      return 'packets with a pod’s source address';
    case 'latency':
      return 'round trip';
    default:
      return unreachable(kind);
  }
};

const UNITS: Readonly<Partial<Record<ProbeMatrix['kind'], string>>> = {
  'path-mtu': 'bytes',
  'tunnel-mtu': 'bytes',
  latency: 'µs',
};

/** A matrix of the facts file as pictures need it. */
export const matrixEvent = (probe: ProbeMatrix): Matrix => ({
  id: probe.id,
  title: titleOf(probe),
  network: probe.network,
  control: probe.control,
  hosts: probe.hosts,
  rows: probe.rows,
  ...(probe.values === undefined ? {} : { values: { unit: UNITS[probe.kind] ?? '', ...probe.values } }),
});
