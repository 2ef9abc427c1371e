import type { LabHost, LabPlan } from '../state/schema.js';

/** One host that a fault is put on. */
export interface FaultTarget {
  readonly plan: LabPlan;
  readonly host: LabHost;
  /** Position of the host among the targets, from 0. */
  readonly index: number;
  /** All hosts that the fault is put on. */
  readonly targets: readonly LabHost[];
  /** All other hosts of the lab. */
  readonly others: readonly LabHost[];
}

/** Which hosts a fault takes unless the user names them. */
export type DefaultTargets = 'agent' | 'server' | 'two' | 'two-servers' | 'all';

interface FaultBase {
  /** Kebab-case, unique: the argument of `lab break`. */
  readonly id: string;
  /** What is wrong with the host, as a headline. */
  readonly title: string;
  /** What happens in reality, and to whom. */
  readonly simulates: string;
  /** Codes of findings, one of which the doctor must name first. */
  readonly codes: readonly string[];
  /** Codes of findings that are true besides, without being a consequence of what `codes` name. */
  readonly besides?: readonly string[];
  readonly targets: DefaultTargets;
}

/** A fault inside a host: shell scripts (POSIX sh, `set -eu`, as root), all of them repeatable. */
export interface HostFault extends FaultBase {
  readonly place: 'host';
  readonly inject: (target: FaultTarget) => string;
  readonly heal: (target: FaultTarget) => string;
  /** Succeeds while the fault is there. */
  readonly check: (target: FaultTarget) => string;
}

/** A fault of the network between hosts, which no host can see in itself: nftables rules where packets pass. */
export interface NetworkFault extends FaultBase {
  readonly place: 'network';
  /** Rules of a chain that forwards packets; ports are named by {@link PortNames}. */
  readonly rules: (targets: readonly LabHost[], ports: PortNames) => readonly string[];
}

/** nftables matches for packets from or to a host. */
export interface PortNames {
  readonly from: (host: LabHost) => string;
  readonly to: (host: LabHost) => string;
}

/** The host has no power. */
export interface PowerFault extends FaultBase {
  readonly place: 'power';
}

export type Fault = HostFault | NetworkFault | PowerFault;

export const defineFault = <F extends Fault>(fault: F): F => fault;
