import { cidrHasAddress } from '../core/cidr.js';
import type { Evidence } from '../core/events/finding.js';
import { liveInstalls } from '../facts/cni/in-use.js';
import type { FactsFile } from '../facts/model/facts-file.js';
import type { CollectorId, CollectorValue, HostFacts } from '../facts/model/host-facts.js';
import type { RuleContext } from './rule.js';

export { liveInstalls };

/** Orders names without regard to the language of the machine. */
export const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const sorted = new WeakMap<FactsFile, readonly HostFacts[]>();

/** All hosts by name, so that findings never depend on the order of a facts file. */
export const allHosts = ({ facts }: RuleContext): readonly HostFacts[] => {
  const known = sorted.get(facts);
  if (known !== undefined) return known;
  const hosts = [...facts.hosts].sort((a, b) => byText(a.name, b.name));
  sorted.set(facts, hosts);
  return hosts;
};

/** Hosts that are, or shall become, part of the cluster. */
export const members = (context: RuleContext): readonly HostFacts[] =>
  allHosts(context).filter((host) => host.role !== 'external');

/** What a collector found; undefined when it did not run or failed, and then rules stay silent. */
export const valueOf = <Id extends CollectorId>(host: HostFacts, id: Id): CollectorValue<Id> | undefined =>
  host.sections[id]?.value;

/** Something seen on one host: evidence plus what groups it with the same on other hosts. */
export interface Observation extends Evidence {
  readonly host: string;
  readonly key: string;
}

/** What a look at one collector returns: a line of text, or with `at` (path below the collector) and `key` (group). */
export type Look = string | { readonly text: string; readonly at?: string; readonly key?: string };

/** Looks at one collector of every cluster host. */
export const observe = <Id extends CollectorId>(
  context: RuleContext,
  id: Id,
  look: (value: CollectorValue<Id>, host: HostFacts) => Look | readonly Look[] | undefined,
): Observation[] =>
  members(context).flatMap((host) => {
    const value = valueOf(host, id);
    const looked = value === undefined ? undefined : look(value, host);
    if (looked === undefined) return [];
    return [looked].flat().map((one) => observation(host.name, id, one));
  });

const observation = (host: string, id: CollectorId, look: Look): Observation => {
  const { text, at, key } = typeof look === 'string' ? { text: look, at: undefined, key: undefined } : look;
  return { host, fact: `hosts.${host}.${id}${at === undefined ? '' : `.${at}`}`, text, key: key ?? '' };
};

/** Groups in order of their key. */
export const grouped = <Item extends { readonly key: string }>(
  items: readonly Item[],
): [string, Item[]][] => {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(item.key);
    if (group === undefined) groups.set(item.key, [item]);
    else group.push(item);
  }
  return [...groups].sort(([a], [b]) => byText(a, b));
};

/** The groups that hold more than one host: things that must be unique and are not. */
export const duplicates = (items: readonly Observation[]): [string, Observation[]][] =>
  grouped(items).filter(([, group]) => new Set(group.map((item) => item.host)).size > 1);

/** Does the host have a kernel, clock and swap of its own? Containers have not; unknown counts as yes. */
export const ownsKernel = (host: HostFacts): boolean => valueOf(host, 'os')?.sharedKernel !== true;

type Network = FactsFile['networks'][number];

/** The network on which the cluster's nodes talk: what the spec names, else the one over which Drover came. */
export const nodeNetwork = (context: RuleContext): Network | undefined => {
  const { networks } = context.facts;
  const wanted = networks.find((network) => network.wanted);
  if (wanted !== undefined) return wanted;
  const used = (network: Network): number =>
    allHosts(context).filter((host) => cidrHasAddress(network.cidr, host.address)).length;
  return [...networks].sort((a, b) => used(b) - used(a) || byText(a.cidr, b.cidr))[0];
};

/** Is the host's role in the spec (or as far as known) that of a server? */
export const isServer = (host: HostFacts): boolean =>
  host.role === 'server' ||
  (host.role === 'unknown' && liveInstalls(host).some((install) => install.role === 'server'));
