import type { ClusterFacts } from '../../facts/cluster/cluster-facts.js';
import { collectHost } from '../../facts/collect-host.js';
import type { HostFacts } from '../../facts/model/host-facts.js';
import type { OperatorFacts } from '../../facts/operator/operator-facts.js';
import type { SecretVerdict } from '../../steps/secrets/delivery.js';
import type { LiveSet } from '../../steps/sets/live-set.js';
import { isCollector, type Read, type World } from '../../steps/step.js';
import type { DoctorHost } from '../doctor/subject.js';
import type { ClusterTools } from './tools.js';

/** The world as it was last seen; observing again renews parts of it. */
export interface WorldView {
  readonly now: () => World;
  readonly observe: (hosts: readonly string[], reads: readonly Read[], signal: AbortSignal) => Promise<World>;
}

const merged = (before: HostFacts | undefined, fresh: HostFacts): HostFacts =>
  fresh.contact.state === 'failed'
    ? fresh
    : { ...fresh, sections: { ...before?.sections, ...fresh.sections } };

/** Asks the cluster’s API; undefined when none answers. */
export type SeeCluster = (signal: AbortSignal) => Promise<ClusterFacts | undefined>;

/** Compares object sets with the cluster’s API: the named ones, or all; undefined when no API answers. */
export type SeeSets = (
  names: readonly string[] | 'all',
  signal: AbortSignal,
) => Promise<readonly LiveSet[] | undefined>;

/** Looks at what is no host. Absent members are not seen. */
export interface OtherViews {
  readonly cluster?: SeeCluster;
  readonly operator?: (signal: AbortSignal) => Promise<OperatorFacts>;
  readonly sets?: SeeSets;
  /** Compares delivered secrets with the store; undefined when no API answers. */
  readonly secrets?: (signal: AbortSignal) => Promise<ReadonlyMap<string, SecretVerdict> | undefined>;
}

const PREFIX = 'sets/';

/** Object sets that are read: all, some, or none. */
const setsRead = (reads: readonly Read[]): readonly string[] | 'all' =>
  reads.includes('sets')
    ? 'all'
    : reads.filter((read) => read.startsWith(PREFIX)).map((read) => read.slice(PREFIX.length));

/** A view that starts from facts and looks at single hosts again, with the collectors that a step reads. */
export const worldView = (
  tools: Pick<ClusterTools, 'transport' | 'clock' | 'random'>,
  hosts: readonly DoctorHost[],
  facts: readonly HostFacts[],
  others: OtherViews = {},
): WorldView => {
  const known = new Map(facts.map((each) => [each.name, each]));
  const targets = new Map(hosts.map((host) => [host.target.name, host]));
  const options = {
    clock: tools.clock,
    key: tools.random.bytes(32),
    nonce: Buffer.from(tools.random.bytes(8)).toString('hex'),
  };
  let cluster: ClusterFacts | undefined;
  let operator: OperatorFacts | undefined;
  let sets: ReadonlyMap<string, LiveSet> | undefined;
  let secrets: ReadonlyMap<string, SecretVerdict> | undefined;
  const now = (): World => ({
    hosts: new Map(known),
    ...(cluster === undefined ? {} : { cluster }),
    ...(operator === undefined ? {} : { operator }),
    ...(sets === undefined ? {} : { sets }),
    ...(secrets === undefined ? {} : { secrets }),
  });

  const lookAtSets = async (reads: readonly Read[], signal: AbortSignal): Promise<void> => {
    const names = setsRead(reads);
    if (names.length === 0) return;
    const seen = await others.sets?.(names, signal);
    const before = names === 'all' || seen === undefined ? [] : [...(sets ?? [])];
    sets = seen && new Map([...before, ...seen.map((set) => [set.name, set] as const)]);
  };

  const look = async (name: string, reads: readonly Read[], signal: AbortSignal): Promise<void> => {
    const host = targets.get(name);
    if (host === undefined) throw new Error(`an action names ${name}, which the spec does not`);
    const only = reads.filter(isCollector);
    if (only.length === 0) return;
    const { facts: fresh } = await collectHost(tools.transport, host.target, {
      ...options,
      role: host.role,
      only,
      signal,
    });
    known.set(name, merged(known.get(name), fresh));
  };

  return {
    now,
    observe: async (names, reads, signal) => {
      const [seen, here, delivered] = await Promise.all([
        reads.includes('cluster') ? others.cluster?.(signal) : cluster,
        reads.includes('operator') ? others.operator?.(signal) : operator,
        reads.includes('secrets') ? others.secrets?.(signal) : secrets,
        ...names.map((name) => look(name, reads, signal)),
        lookAtSets(reads, signal),
      ]);
      cluster = seen;
      operator = here;
      secrets = delivered;
      return now();
    },
  };
};
