import type { ProbeMatrix } from '../model/probe-matrix.js';
import { closeAgents, openAgents } from './agents.js';
import { createEvidence, type Evidence } from './evidence.js';
import type { PairProbeInput, PairProbeResult } from './input.js';
import { layOut, type NetworkLayout } from './layout.js';
import { probeAddress } from './pod-address.js';
import { reportNetwork } from './report.js';
import { measure } from './rounds.js';
import type { ProbeRun } from './run.js';
import { createPulse, type Waiter } from './wait.js';

const CONTROL_PORTS = { first: 61_000, count: 4000 } as const;

const layoutsOf = (
  { hosts, networks, ports, options }: PairProbeInput,
  bytes: Uint8Array,
): readonly NetworkLayout[] =>
  layOut({
    hosts: hosts.map(({ name }) => name),
    networks,
    ports,
    controlPort: CONTROL_PORTS.first + ((((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0)) % CONTROL_PORTS.count),
    podAddress: options.pods === undefined ? undefined : probeAddress(options.pods),
  });

interface RunParts extends Waiter {
  readonly layouts: readonly NetworkLayout[];
  readonly evidence: Evidence;
  readonly agents: ProbeRun['agents'];
}

const createRun = (input: PairProbeInput, parts: RunParts): ProbeRun => {
  const probes = new Map(parts.layouts.flatMap((layout) => layout.probes).map((probe) => [probe.id, probe]));
  let round = 0;
  return {
    ...parts,
    hosts: input.hosts.map(({ name }) => name),
    nextRound: () => ++round,
    probe: (id) => {
      const probe = probes.get(id);
      if (probe === undefined) throw new Error(`no probe has the number ${id}`);
      return probe;
    },
  };
};

/**
 * Measures every ordered pair of hosts on every network: one session per host, all hosts act in common rounds.
 * Nothing is installed, no port of the cluster is bound, everything temporary is removed by the agents themselves.
 */
export const probePairs = async (input: PairProbeInput): Promise<PairProbeResult> => {
  const bytes = input.random.bytes(12);
  const layouts = layoutsOf(input, bytes);
  const skipped = input.networks
    .filter(({ cidr }) => cidr.includes(':'))
    .map(({ cidr }) => `pair probes on ${cidr}: IPv6 networks are not probed`);
  if (layouts.length === 0)
    return { probes: [], notMeasured: [...skipped, 'pair probes: no network has two hosts'] };

  const signal = input.signal ?? new AbortController().signal;
  const waiter = { clock: input.clock, pulse: createPulse(input.clock), signal };
  const evidence = createEvidence(input.hosts.length);
  const opened = await openAgents({ ...input, ...waiter, layouts, evidence, bytes });
  const run = createRun(input, { ...waiter, layouts, evidence, agents: opened.agents });
  try {
    const probes = await measureAll(run, input);
    return { probes, notMeasured: [...skipped, ...opened.failures, ...gaps(run)] };
  } finally {
    opened.stopBeating();
    await closeAgents(run);
  }
};

const measureAll = async (run: ProbeRun, input: PairProbeInput): Promise<readonly ProbeMatrix[]> => {
  const searches = await measure(run, input);
  if (run.signal.aborted) return [];
  const { deep, speaking } = input.options;
  const shared = {
    searches,
    deep,
    at: new Date(input.clock.now()).toISOString(),
    speaking: (host: number) => speaking?.[run.hosts[host] ?? ''] ?? [],
  };
  return run.layouts.flatMap((layout) => reportNetwork(run, layout, shared));
};

const gaps = (run: ProbeRun): readonly string[] => [
  ...(run.signal.aborted ? ['pair probes: interrupted'] : []),
  ...[...run.agents.values()]
    .filter((agent) => agent.problem() !== undefined)
    .map((agent) => `pair probes of ${agent.host}: ${agent.problem() ?? ''}`),
];
