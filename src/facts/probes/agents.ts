import type { Clock } from '../../core/ports/clock.js';
import type { Random } from '../../core/ports/random.js';
import type { HostTarget, Transport } from '../../core/ports/transport.js';
import { type Agent, followAgent } from './agent.js';
import type { Evidence } from './evidence.js';
import { packetFilter } from './filter.js';
import { DEFAULT_IDLE_MS, type PairProbeOptions } from './input.js';
import type { NetworkLayout } from './layout.js';
import type { ProbeRun } from './run.js';
import { agentScript } from './script.js';
import { type Waiter, waitUntil } from './wait.js';
import { guardCommand, type WireguardKeys, wireguardKeys } from './wireguard.js';

export interface OpenInput extends Waiter {
  readonly transport: Transport;
  readonly hosts: readonly HostTarget[];
  readonly layouts: readonly NetworkLayout[];
  readonly evidence: Evidence;
  readonly options: PairProbeOptions;
  /** Randomness of this run: twelve bytes. */
  readonly bytes: Uint8Array;
  readonly random: Random;
}

export interface OpenedAgents {
  readonly agents: ReadonlyMap<number, Agent>;
  /** One sentence per host that could not be opened. */
  readonly failures: readonly string[];
  /** Ends the sign of life that the agents wait for. */
  readonly stopBeating: () => void;
}

/** Time in which an agent must have made its taps and devices. */
const SETUP_LIMIT_MS = 30_000;
/** Life of a session beyond its silences. */
const SESSION_LIMIT_MS = 300_000;
const BEAT_MS = 4000;
const DEFAULT_DEAD_MAN_S = 30;
const CLOSE_LIMIT_MS = 10_000;

const word = (bytes: Uint8Array, at: number): number =>
  new DataView(bytes.buffer, bytes.byteOffset).getUint32(at);

/** Everything that an agent is told before the first packet. */
const setupOf = (input: OpenInput, index: number, keys: readonly WireguardKeys[]): readonly string[] => {
  const { bytes, layouts, hosts, options } = input;
  const magic = word(bytes, 4);
  const name = hosts[index]?.name ?? '';
  const own = layouts.filter(({ members }) => members.includes(index));
  const rareVni = 0xd00000 | (word(bytes, 8) & 0xfffff);
  return [
    `begin ${magic} ${index} ${options.deadManSeconds ?? DEFAULT_DEAD_MAN_S}`,
    `filter ${packetFilter(magic)
      .map((line) => line.join(','))
      .join(' ')}`,
    ...own.map((layout) => netCommand(input, layout, name)),
    ...own.flatMap(({ probes }) =>
      probes.map(({ id, net, kind, number }) => `probe ${id} ${net} ${kind} ${number}`),
    ),
    'open',
    'counters',
    ...own.flatMap(({ probes, network }) =>
      probes
        .filter(({ kind }) => kind === 'vxlan')
        .map(({ id }) => `tunnel ${id} ${rareVni} ${network.members[name]?.mtu ?? 1500}`),
    ),
    ...own.flatMap((layout) =>
      layout.probes
        .filter(({ kind }) => kind === 'wireguard')
        .map((probe) => guardCommand(probe, layout, { own: index, keys })),
    ),
  ];
};

const netCommand = (
  { hosts }: OpenInput,
  { net, network, members, control }: NetworkLayout,
  name: string,
): string => {
  const own = network.members[name];
  const peers = members.map((peer) => `${peer}:${network.members[hosts[peer]?.name ?? '']?.address ?? ''}`);
  return `net ${net} ${own?.interface ?? ''} ${own?.address ?? ''} ${control} ${peers.join(',')}`;
};

/** Opens one session per host that has something to measure, and waits until all agents are ready. */
export const openAgents = async (input: OpenInput): Promise<OpenedAgents> => {
  const { transport, hosts, layouts, options, signal } = input;
  const needed = [...new Set(layouts.flatMap(({ members }) => members))].sort((a, b) => a - b);
  const script = agentScript(options.language);
  const keys = hosts.map(() => wireguardKeys(input.random.bytes(32)));
  const timeoutMs = SESSION_LIMIT_MS + (options.deep ? 2 * (options.idleMs ?? DEFAULT_IDLE_MS) : 0);
  const agents = new Map<number, Agent>();
  const failures: string[] = [];
  const openOne = async (index: number): Promise<void> => {
    const host = hosts[index];
    if (host === undefined) return;
    const session = await transport.open(host, script, { timeoutMs, signal });
    if (!session.ok) {
      failures.push(`pair probes of ${host.name}: ${session.error.detail}`);
      return;
    }
    agents.set(index, followAgent({ ...input, index, session: session.value }));
    for (const line of setupOf(input, index, keys)) session.value.send(line);
  };
  const stopBeating = keepAlive(agents, input.clock);
  await Promise.all(needed.map(openOne));
  const late = (): readonly Agent[] =>
    [...agents.values()].filter((agent) => agent.alive() && !isReady(agent, layouts));
  await waitUntil(input, () => late().length === 0, { limitMs: SETUP_LIMIT_MS });
  if (!signal.aborted) for (const agent of late()) agent.giveUp('the agent was not ready in time');
  return { agents, failures, stopBeating };
};

const isReady = (agent: Agent, layouts: readonly NetworkLayout[]): boolean => {
  const own = layouts.filter(({ members }) => members.includes(agent.index));
  const tunnels = own.flatMap(({ probes }) =>
    probes.filter(({ kind }) => kind === 'vxlan' || kind === 'wireguard'),
  );
  return (
    agent.opened() &&
    agent.badChecksums.length > 0 &&
    own.every(({ net }) => agent.net(net) !== undefined) &&
    tunnels.every(({ id }) => agent.tunnel(id) !== undefined)
  );
};

/** Lets the agents know that somebody still listens, also while others are still being opened; returns what stops it. */
const keepAlive = (agents: ReadonlyMap<number, Agent>, clock: Clock): (() => void) => {
  const stop = new AbortController();
  const beat = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      for (const agent of agents.values()) if (agent.alive()) agent.session.send('beat');
      await clock.delay(BEAT_MS, stop.signal).catch(() => undefined);
    }
  };
  void beat();
  return () => stop.abort();
};

/** Ends all sessions: the agents remove what they made. Whoever does not end in time is cut; its dead-man timer cleans. */
export const closeAgents = async (run: ProbeRun): Promise<void> => {
  const agents = [...run.agents.values()];
  const closed = Promise.all(agents.map(({ session }) => session.close()));
  const stop = new AbortController();
  const inTime = closed.then(() => true);
  const late = run.clock.delay(CLOSE_LIMIT_MS, stop.signal).then(
    () => false,
    () => true,
  );
  const done = await Promise.race([inTime, late]);
  stop.abort();
  if (!done) for (const { session } of agents) session.abort();
};
