import type { ProbeMatrix } from '../model/probe-matrix.js';
import { adjacencyOutcome } from './adjacency.js';
import { outcomeOf } from './cells.js';
import type { NetworkLayout, Probe } from './layout.js';
import { cellMatrix, type MatrixHead, valueMatrix } from './matrix.js';
import type { Outcome } from './outcome.js';
import { type ColdOptions, rawOutcome } from './raw-protocol.js';
import { hasTunnel, type ProbeRun, takesPart } from './run.js';
import { type SizeSearch, sizeOf, VXLAN_OVERHEAD } from './sizes.js';
import { isGuardable } from './wireguard.js';

export interface ReportInput extends ColdOptions {
  readonly searches: readonly SizeSearch[];
  /** ISO 8601 time of the measurement. */
  readonly at: string;
}

interface Context {
  readonly run: ProbeRun;
  readonly layout: NetworkLayout;
  readonly input: ReportInput;
}

const KIND = {
  udp: 'udp',
  tcp: 'tcp',
  icmp: 'icmp',
  raw: 'protocol',
  vxlan: 'vxlan',
  wireguard: 'wireguard',
  source: 'source',
} as const;

const METHOD = {
  udp: 'datagrams from random ports; seen on the interface and, behind the firewall, by a raw socket; no port bound',
  tcp: 'half-open SYN; answered by a service of the host, or by its kernel’s reset where the port is free',
  icmp: 'echo request, seen on the interface and behind the firewall',
  raw: 'raw packet, seen on the interface and behind the firewall',
  vxlan: 'frames through temporary VXLAN devices with a rare VNI',
  wireguard: 'data through temporary WireGuard devices, after a handshake with keys of this run',
  source: 'packet with a source address of the pod range, written to the interface',
} as const;

const headOf = ({
  run,
  layout,
  input,
}: Context): Pick<MatrixHead, 'network' | 'hosts' | 'at' | 'control'> => ({
  network: layout.network.cidr,
  hosts: layout.members.map((host) => run.hosts[host] ?? ''),
  at: input.at,
  control: false,
});

const tunnelMethod = ({ run, layout }: Context, probe: Probe): string => {
  const without = layout.members.filter((host) => takesPart(run, host) && !hasTunnel(run, probe.id, host));
  if (without.length === 0) return METHOD.vxlan;
  const why = without.map((host) => {
    const problem = run.agents.get(host)?.tunnel(probe.id)?.problem ?? '';
    return `${run.hosts[host] ?? ''}${problem === '' ? '' : ` (${problem})`}`;
  });
  return `${METHOD.vxlan}; hand-made frames where no device could be made: ${why.slice(0, 5).join(', ')}`;
};

const cellReport = (context: Context, probe: Probe): ProbeMatrix => {
  const { run, layout, input } = context;
  const outcome = (from: number, to: number): Outcome => {
    const shot = {
      probe: probe.id,
      variant: 0,
      from: layout.members[from] ?? -1,
      to: layout.members[to] ?? -1,
    };
    return probe.kind === 'raw' ? rawOutcome(run, shot, input) : outcomeOf(run, shot);
  };
  const numbered = probe.kind === 'icmp' || probe.kind === 'source' ? {} : { number: Number(probe.number) };
  const method = probe.kind === 'vxlan' ? tunnelMethod(context, probe) : METHOD[probe.kind];
  return cellMatrix(
    { ...headOf(context), kind: KIND[probe.kind], ...numbered, control: probe.control, method },
    outcome,
  );
};

const sizeReport = (context: Context, probe: Probe): ProbeMatrix => {
  const { run, layout, input } = context;
  const size = sizeOf(input.searches);
  const inside = probe.kind === 'vxlan';
  const value = (from: number, to: number): { value: number | undefined } => {
    const [sender, receiver] = [layout.members[from] ?? -1, layout.members[to] ?? -1];
    const measured = takesPart(run, sender) && takesPart(run, receiver);
    return {
      value: measured ? promised(context, probe, receiver, size(probe.id, sender, receiver)) : undefined,
    };
  };
  return valueMatrix(
    {
      ...headOf(context),
      kind: inside ? 'tunnel-mtu' : 'path-mtu',
      ...(inside ? { number: Number(probe.number) } : {}),
      method: inside
        ? 'inner packets, outer do-not-fragment'
        : 'do-not-fragment datagrams that must be delivered',
    },
    value,
  );
};

/** Links often take a little more than the receiver's MTU; nobody may rely on it. */
const promised = (
  { run, layout }: Context,
  probe: Probe,
  receiver: number,
  size: number | undefined,
): number | undefined => {
  const mtu = run.agents.get(receiver)?.net(layout.net)?.mtu;
  if (size === undefined || mtu === undefined) return size;
  return Math.min(size, mtu - (probe.kind === 'vxlan' ? VXLAN_OVERHEAD : 0));
};

const adjacencyReport = (context: Context): ProbeMatrix => {
  const { run, layout } = context;
  return cellMatrix(
    { ...headOf(context), kind: 'adjacency', method: 'route, and the link address that answers ARP' },
    (from, to) => adjacencyOutcome(run, layout.net, [layout.members[from] ?? -1, layout.members[to] ?? -1]),
  );
};

const latencyReport = (context: Context, probe: Probe): ProbeMatrix => {
  const { run, layout } = context;
  return valueMatrix(
    {
      ...headOf(context),
      kind: 'latency',
      method: 'best echo round trip between the packets on the interface',
    },
    (from, to) => {
      const [sender, receiver] = [layout.members[from] ?? -1, layout.members[to] ?? -1];
      const micros = run.evidence.roundTrip({ probe: probe.id, variant: 0, from: sender, to: receiver });
      return { value: micros === undefined ? undefined : Number(micros.toPrecision(2)) };
    },
  );
};

/** All matrices of one network, from what was seen. */
export const reportNetwork = (
  run: ProbeRun,
  layout: NetworkLayout,
  input: ReportInput,
): readonly ProbeMatrix[] => {
  const context = { run, layout, input };
  const sized = layout.probes.filter(({ kind, control }) => kind === 'vxlan' || (kind === 'udp' && control));
  return [
    ...layout.probes
      .filter((probe) => isGuardable(run, layout, probe))
      .map((probe) => cellReport(context, probe)),
    adjacencyReport(context),
    ...sized.map((probe) => sizeReport(context, probe)),
    ...layout.probes.filter(({ kind }) => kind === 'icmp').map((probe) => latencyReport(context, probe)),
  ];
};
