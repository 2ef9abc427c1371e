import type { Session } from '../../core/ports/transport.js';
import { printable } from '../../core/text.js';
import type { Evidence } from './evidence.js';
import { parseReply, type Reply } from './protocol.js';
import type { Pulse } from './wait.js';

interface Hop {
  readonly gateway: string | undefined;
  readonly mac: string | undefined;
  /** State of the neighbour entry; FAILED and INCOMPLETE mean that nobody answered ARP. */
  readonly state: string;
}

/** The running agent of one host and what it told about the host itself. */
export interface Agent {
  readonly index: number;
  readonly host: string;
  readonly session: Session;
  readonly language: () => string | undefined;
  /** False once it has ended or cannot probe; `problem` then says why. */
  readonly alive: () => boolean;
  readonly problem: () => string | undefined;
  /** Takes no part any more: its silence must not be read as loss. */
  readonly giveUp: (problem: string) => void;
  readonly opened: () => boolean;
  /** Last round that it has sent, and last round whose arrivals it has told completely. */
  readonly fired: () => number;
  readonly synced: () => number;
  readonly net: (net: number) => { readonly mac: string; readonly mtu: number } | undefined;
  /** The device of a VXLAN probe; `undefined` = not answered yet, otherwise why there is none. */
  readonly tunnel: (probe: number) => { readonly device?: string; readonly problem: string } | undefined;
  readonly hop: (net: number, peer: number) => Hop | undefined;
  /** How often it has told all next hops of a network. */
  readonly looks: (net: number) => number;
  /** UDP checksum errors of the host, one reading per `counters` command. */
  readonly badChecksums: readonly number[];
  readonly ended: Promise<void>;
}

interface State {
  language?: string;
  problem?: string;
  over: boolean;
  opened: boolean;
  fired: number;
  synced: number;
  readonly nets: Map<number, { mac: string; mtu: number }>;
  readonly tunnels: Map<number, { device?: string; problem: string }>;
  readonly hops: Map<string, Hop>;
  readonly looks: Map<number, number>;
  readonly badChecksums: number[];
}

/** Applies what an agent says about its own host; packets go to the evidence instead. */
const apply = (state: State, reply: Reply): void => {
  switch (reply.type) {
    case 'ready':
      state.language = reply.language;
      if (!reply.root) state.problem = 'probes need root’s rights there';
      return;
    case 'net':
      state.nets.set(reply.net, reply);
      return;
    case 'tunnel':
      state.tunnels.set(reply.probe, {
        ...(reply.device === undefined ? {} : { device: reply.device }),
        problem: reply.problem,
      });
      return;
    case 'open':
      state.opened = true;
      return;
    case 'fired':
      state.fired = reply.round;
      return;
    case 'synced':
      state.synced = reply.round;
      return;
    case 'hop':
      state.hops.set(`${reply.net} ${reply.peer}`, reply);
      return;
    case 'looked':
      state.looks.set(reply.net, (state.looks.get(reply.net) ?? 0) + 1);
      return;
    case 'counters':
      state.badChecksums.push(reply.badChecksums);
      return;
    case 'fail':
      state.problem ??= `${reply.command}: ${reply.problem}`;
      return;
    default:
  }
};

export interface AgentInput {
  readonly index: number;
  readonly session: Session;
  readonly evidence: Evidence;
  readonly pulse: Pulse;
}

/** Follows what the agent of a session says until it ends. */
export const followAgent = ({ index, session, evidence, pulse }: AgentInput): Agent => {
  const state: State = {
    over: false,
    opened: false,
    fired: 0,
    synced: 0,
    nets: new Map(),
    tunnels: new Map(),
    hops: new Map(),
    looks: new Map(),
    badChecksums: [],
  };
  const follow = async (): Promise<void> => {
    for await (const line of session.lines) {
      const reply = parseReply(printable(line));
      if (reply === undefined) continue;
      const news = evidence.take(index, reply);
      if (!news) apply(state, reply);
      pulse.beat(news);
    }
    state.over = true;
    pulse.beat(false);
  };
  return {
    index,
    host: session.host,
    session,
    language: () => state.language,
    alive: () => !state.over && state.problem === undefined,
    problem: () => state.problem ?? (state.over ? 'the probe session ended early' : undefined),
    opened: () => state.opened,
    fired: () => state.fired,
    synced: () => state.synced,
    giveUp: (problem) => {
      state.problem ??= problem;
    },
    net: (net) => state.nets.get(net),
    tunnel: (probe) => state.tunnels.get(probe),
    hop: (net, peer) => state.hops.get(`${net} ${peer}`),
    looks: (net) => state.looks.get(net) ?? 0,
    badChecksums: state.badChecksums,
    ended: follow(),
  };
};
