import { digest } from '../core/canonical.js';
import type { ClusterFacts } from './cluster/cluster-facts.js';
import type { CollectorId, HostFacts } from './model/host-facts.js';

/** Members that change by themselves; a plan never goes stale over them. `*` = the whole collector. */
const VOLATILE: Partial<Record<CollectorId, readonly string[]>> = {
  cpu: ['load1'],
  memory: ['*'],
  clock: ['skewMs', 'uncertaintyMs'],
  limits: ['conntrackCount'],
  disks: ['availableKiB', 'inodesFree'],
  os: ['uptimeSeconds'],
  kernel: ['messages'],
  // Kube-proxy, CNIs and Docker rewrite theirs all the time.
  firewall: ['chains', 'drops'],
  neighbours: ['*'],
  resolver: ['lookups'],
  ports: ['pid'],
  packages: ['lockedBy'],
  ipsets: ['entries', 'references'],
};

const drop = (value: unknown, names: ReadonlySet<string>): unknown => {
  if (Array.isArray(value)) return value.map((item) => drop(item, names));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !names.has(key))
      .map(([key, member]) => [key, drop(member, names)]),
  );
};

/** Settings of single interfaces: those of pods come and go with them. */
const OF_INTERFACE = /^net\.ipv[46]\.conf\.(?!all\.|default\.)/;

/** Kernel parameters that are the host's own; what hosts of a lab share changes when another lab comes up. */
const stableSysctls = (facts: HostFacts): Readonly<Record<string, string>> => {
  const shared = facts.sections.os?.value?.sharedKernel === true;
  const isStable = (key: string): boolean => !OF_INTERFACE.test(key) && (!shared || key.startsWith('net.'));
  const all = Object.entries(facts.sections.sysctls?.value ?? {});
  return Object.fromEntries(all.filter(([key]) => isStable(key)));
};

/** Digest of what is stable in one section, or `absent` when nothing was observed. */
export const stableDigest = (facts: HostFacts | undefined, id: CollectorId): string => {
  const value: unknown = facts?.sections[id]?.value;
  if (facts === undefined || value === undefined) return 'absent';
  if (id === 'sysctls') return digest(stableSysctls(facts));
  const volatile = new Set(VOLATILE[id] ?? []);
  return volatile.has('*') ? 'volatile' : digest(drop(value, volatile));
};

/**
 * Digest of what is stable in the facts of a cluster: which it is, its nodes, who of them has a vote, their labels and
 * taints. `absent` = there was no API to ask.
 */
export const clusterDigest = (facts: ClusterFacts | undefined): string => {
  if (facts === undefined) return 'absent';
  const nodes = facts.nodes.map(({ conditions: _, ...node }) => node);
  return digest({ uid: facts.uid, nodes });
};
