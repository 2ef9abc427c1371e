import type { Emit } from '../../core/events/event.js';
import type { Clock } from '../../core/ports/clock.js';
import type { Random } from '../../core/ports/random.js';
import type { HostTarget, Transport } from '../../core/ports/transport.js';
import type { ProbeMatrix } from '../model/probe-matrix.js';
import { closeAgents, keepAlive, openAgents } from './agents.js';
import { createEvidence, type Shot } from './evidence.js';
import { type CandidateNetwork, layOut, type ProbePorts } from './layout.js';
import { probeAddress } from './pod-address.js';
import { answerShots, coldShots, firstShots, warmShots } from './raw-protocol.js';
import { reportNetwork } from './report.js';
import { fireRound, type ProbeRun, pairsOf, settled, takesPart } from './run.js';
import type { Language } from './script.js';
import { MTU_ROUNDS, type SizeSearch, sizeSearches, sizeShots } from './sizes.js';
import { createPulse, waitUntil } from './wait.js';

export interface PairProbeOptions {
  /** Waits until idle state in filters has expired and measures raw protocols cold; takes two silences. */
  readonly deep: boolean;
  /** Length of a silence. Default 660 s: generic connection tracking forgets after 600 s. */
  readonly idleMs?: number;
  /** Pod range; a source address from it shows whether the network checks sources. IPv4 CIDR. */
  readonly pods?: string;
  /** Raw protocols that tunnels of a host speak by themselves, by host name. */
  readonly speaking?: Readonly<Record<string, readonly number[]>>;
  readonly language?: Language;
  /** Seconds of silence after which an agent removes everything and ends. Default 20. */
  readonly deadManSeconds?: number;
}

export interface PairProbeInput {
  readonly transport: Transport;
  readonly hosts: readonly HostTarget[];
  readonly networks: readonly CandidateNetwork[];
  readonly ports: ProbePorts;
  readonly options: PairProbeOptions;
  readonly clock: Clock;
  readonly random: Random;
  readonly emit: Emit;
  readonly signal?: AbortSignal;
}

export interface PairProbeResult {
  readonly probes: readonly ProbeMatrix[];
  /** What could not be measured and why, for people. */
  readonly notMeasured: readonly string[];
}

const DEFAULT_IDLE_MS = 660_000;
const LOOK_LIMIT_MS = 15_000;

/**
 * Measures every ordered pair of hosts on every network: one session per host, all hosts act in common rounds.
 * Nothing is installed, no port of the cluster is bound, everything temporary is removed by the agents themselves.
 */
export const probePairs = async (input: PairProbeInput): Promise<PairProbeResult> => {
  const hosts = input.hosts.map(({ name }) => name);
  const bytes = input.random.bytes(12);
  const controlPort = 61_000 + ((((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0)) % 4000);
  const podAddress = input.options.pods === undefined ? undefined : probeAddress(input.options.pods);
  const layouts = layOut({ hosts, networks: input.networks, ports: input.ports, controlPort, podAddress });
  const skipped = input.networks
    .filter(({ cidr }) => cidr.includes(':'))
    .map(({ cidr }) => `pair probes on ${cidr}: IPv6 networks are not probed`);
  if (layouts.length === 0)
    return { probes: [], notMeasured: [...skipped, 'pair probes: no network has two hosts'] };

  const pulse = createPulse(input.clock);
  const evidence = createEvidence(hosts.length);
  const signal = input.signal ?? new AbortController().signal;
  const opened = await openAgents({ ...input, layouts, evidence, pulse, signal, bytes });
  const probes = new Map(layouts.flatMap((layout) => layout.probes).map((probe) => [probe.id, probe]));
  let round = 0;
  const run: ProbeRun = {
    clock: input.clock,
    pulse,
    signal,
    hosts,
    layouts,
    agents: opened.agents,
    evidence,
    nextRound: () => ++round,
    probe: (id) => {
      const probe = probes.get(id);
      if (probe === undefined) throw new Error(`no probe has the number ${id}`);
      return probe;
    },
  };
  const stopBeating = keepAlive(run);
  try {
    const searches = await measure(run, input);
    const at = new Date(input.clock.now()).toISOString();
    const speaking = (host: number): readonly number[] => input.options.speaking?.[hosts[host] ?? ''] ?? [];
    const matrices = layouts.flatMap((layout) =>
      reportNetwork(run, layout, { searches, at, deep: input.options.deep, speaking }),
    );
    return {
      probes: signal.aborted ? [] : matrices,
      notMeasured: [...skipped, ...opened.failures, ...gaps(run)],
    };
  } finally {
    stopBeating();
    await closeAgents(run);
  }
};

const gaps = (run: ProbeRun): readonly string[] => [
  ...(run.signal.aborted ? ['pair probes: interrupted'] : []),
  ...[...run.agents.values()]
    .filter((agent) => agent.problem() !== undefined)
    .map((agent) => `pair probes of ${agent.host}: ${agent.problem() ?? ''}`),
];

/** The order of rounds; see raw-protocol.ts for why raw protocols decide it. */
const measure = async (run: ProbeRun, input: PairProbeInput): Promise<readonly SizeSearch[]> => {
  await fireRound(run, shotsOfKinds(run, ['icmp']), 3);
  await look(run);
  const searches = sizeSearches(run);
  const plain = shotsOfKinds(run, ['udp', 'tcp', 'vxlan', 'source']);
  await fireRound(run, [...firstShots(run), ...plain, ...sizeShots(run, searches)]);
  const lost = [...shotsOfKinds(run, ['icmp']), ...plain].filter((shot) => !settled(run, shot));
  const firstLost = firstShots(run).filter((shot) => !settled(run, shot));
  await fireRound(run, [...firstLost, ...lost, ...sizeShots(run, searches)], 2);
  await fireRound(run, [...answerShots(run), ...sizeShots(run, searches)], 2);
  await fireRound(run, [...warmShots(run), ...sizeShots(run, searches)], 2);
  for (let i = 3; i < MTU_ROUNDS; i++) await fireRound(run, sizeShots(run, searches), 2);
  if (input.options.deep) await measureCold(run, input);
  await readCounters(run);
  return searches;
};

const measureCold = async (run: ProbeRun, { options, emit, clock }: PairProbeInput): Promise<void> => {
  const idleMs = options.idleMs ?? DEFAULT_IDLE_MS;
  for (const half of ['up', 'down'] as const) {
    emit({
      type: 'waiting',
      what: `filters forget idle raw protocols (${Math.round(idleMs / 1000)} s)`,
      sinceMs: 0,
    });
    await clock.delay(idleMs, run.signal).catch(() => undefined);
    await fireRound(run, coldShots(run, half));
  }
};

const shotsOfKinds = (run: ProbeRun, kinds: readonly string[]): readonly Shot[] =>
  run.layouts.flatMap((layout) => {
    const probes = layout.probes.filter(({ kind }) => kinds.includes(kind));
    return pairsOf(run, layout).flatMap(([from, to]) =>
      probes.map(({ id }) => ({ probe: id, variant: 0, from, to })),
    );
  });

const look = async (run: ProbeRun): Promise<void> => {
  const asked = run.layouts.flatMap(({ net, members }) =>
    members.filter((host) => takesPart(run, host)).map((host) => ({ net, host })),
  );
  for (const { net, host } of asked) run.agents.get(host)?.session.send(`look ${net}`);
  const done = (): boolean =>
    asked.every(({ net, host }) => !takesPart(run, host) || (run.agents.get(host)?.looked(net) ?? true));
  await waitUntil(run, done, { limitMs: LOOK_LIMIT_MS });
};

const readCounters = async (run: ProbeRun): Promise<void> => {
  const agents = [...run.agents.values()].filter((agent) => agent.alive());
  for (const agent of agents) agent.session.send('counters');
  const done = (): boolean => agents.every((agent) => !agent.alive() || agent.badChecksums.length > 1);
  await waitUntil(run, done, { limitMs: LOOK_LIMIT_MS });
};
