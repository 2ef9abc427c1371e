import type { Agent } from './agent.js';
import type { Evidence, Shot } from './evidence.js';
import type { NetworkLayout, Probe } from './layout.js';
import { formatPeers } from './protocol.js';
import { type Waiter, waitUntil } from './wait.js';

/** One execution of the pair probes: who takes part, and what is known so far. */
export interface ProbeRun extends Waiter {
  readonly hosts: readonly string[];
  readonly layouts: readonly NetworkLayout[];
  /** By host index; absent when the host could not be opened. */
  readonly agents: ReadonlyMap<number, Agent>;
  readonly evidence: Evidence;
  readonly probe: (id: number) => Probe;
  /** Numbers the rounds, so that an agent's "fired" is matched with its "go". */
  readonly nextRound: () => number;
}

/** Longest time that a round waits for packets that may be lost, and the silence after which they are. */
const LOSS = { limitMs: 1500, quietMs: 250 } as const;
/** A host whose agent does not answer for so long has died, or is too busy to be measured. */
const ANSWER_LIMIT_MS = 30_000;

export const takesPart = (run: ProbeRun, host: number): boolean => run.agents.get(host)?.alive() ?? false;

/** True when all that a shot can bring has come. */
export const settled = (run: ProbeRun, shot: Shot): boolean => {
  const { has } = run.evidence;
  switch (run.probe(shot.probe).kind) {
    case 'tcp':
      return has('a', shot) || has('r', shot);
    case 'icmp':
      return has('a', shot) && has('d', shot);
    case 'vxlan':
      return has('t', shot) || has('c', shot) || (!hasTunnel(run, shot.probe, shot.to) && has('d', shot));
    case 'wireguard':
      return has('t', shot);
    case 'udp':
      return has('d', shot) || (shot.variant > 0 && has('i', shot));
    default:
      return has('d', shot);
  }
};

export const hasTunnel = (run: ProbeRun, probe: number, host: number): boolean =>
  run.agents.get(host)?.tunnel(probe)?.device !== undefined;

/** All ordered pairs of a network whose both ends take part. */
export const pairsOf = (run: ProbeRun, layout: NetworkLayout): readonly (readonly [number, number])[] => {
  const here = layout.members.filter((host) => takesPart(run, host));
  return here.flatMap((from) => here.filter((to) => to !== from).map((to) => [from, to] as const));
};

/** Shots that a host still owes, as the commands that make its agent send them. */
const commandsFor = (shots: readonly Shot[], times: number): readonly string[] => {
  const peers = new Map<string, number[]>();
  for (const { probe, variant, to } of shots) {
    const slot = `${probe} ${variant} ${times}`;
    peers.set(slot, [...(peers.get(slot) ?? []), to]);
  }
  return [...peers].map(([slot, list]) => `fire ${slot} ${formatPeers(list)}`);
};

/**
 * All hosts send their shots at the same time; ends when everything has arrived, else a little after the last
 * arrival. Shots of hosts that left are skipped.
 */
export const fireRound = async (run: ProbeRun, shots: readonly Shot[], times = 1): Promise<void> => {
  if (shots.length === 0 || run.signal.aborted) return;
  const round = run.nextRound();
  const bySender = new Map<number, Shot[]>();
  for (const shot of shots) {
    const own = bySender.get(shot.from) ?? [];
    own.push(shot);
    bySender.set(shot.from, own);
  }
  const senders = [...bySender.keys()].filter((host) => takesPart(run, host));
  for (const host of senders) {
    const session = run.agents.get(host)?.session;
    for (const line of commandsFor(bySender.get(host) ?? [], times)) session?.send(line);
    session?.send(`go ${round}`);
  }
  await allAnswer(run, senders, (agent) => agent.fired() === round);
  if (await waitUntil(run, allSettled(run, shots), LOSS)) return;
  await syncAll(run, round);
};

/** Nothing counts as lost before every receiver has read all that its kernel holds: a busy host is only late. */
const syncAll = async (run: ProbeRun, round: number): Promise<void> => {
  const hosts = [...run.agents.keys()].filter((host) => takesPart(run, host));
  for (const host of hosts) run.agents.get(host)?.session.send(`sync ${round}`);
  await allAnswer(run, hosts, (agent) => agent.synced() === round);
};

/** Waits until the agents of these hosts have answered; who does not is left out from then on. */
const allAnswer = async (
  run: ProbeRun,
  hosts: readonly number[],
  answered: (agent: Agent) => boolean,
): Promise<void> => {
  const missing = (): readonly Agent[] =>
    hosts.flatMap((host) => run.agents.get(host) ?? []).filter((agent) => agent.alive() && !answered(agent));
  const complete = await waitUntil(run, () => missing().length === 0, { limitMs: ANSWER_LIMIT_MS });
  if (complete || run.signal.aborted) return;
  for (const agent of missing()) agent.giveUp('the agent did not answer in time');
};

/** Looks only at what was open the last time: cheap to ask after every answer. */
const allSettled = (run: ProbeRun, shots: readonly Shot[]): (() => boolean) => {
  const open = [...shots];
  return () => {
    for (let last = open.at(-1); last !== undefined && settled(run, last); last = open.at(-1)) open.pop();
    return open.length === 0;
  };
};
