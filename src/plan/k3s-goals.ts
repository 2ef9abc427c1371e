import { digest } from '../core/canonical.js';
import { count } from '../core/text.js';
import type { HostFacts } from '../facts/model/host-facts.js';
import { type Cluster, type ClusterHost, isMember } from '../spec/cluster.js';
import { k3sBinary } from '../steps/k3s/binary.js';
import { k3sConfig } from '../steps/k3s/config.js';
import { type ImageArchive, k3sImages } from '../steps/k3s/images.js';
import { k3sAgent, k3sServer } from '../steps/k3s/service.js';
import {
  agentSettings,
  askedNetwork,
  type K3sNetwork,
  type K3sSettings,
  renderSettings,
  type ServerOrigin,
  serverSettings,
} from '../steps/k3s/settings.js';
import type { K3sRole } from '../steps/k3s/unit.js';
import type { Artifact } from '../steps/operator/artifact.js';
import type { World } from '../steps/step.js';
import { type Goal, goalId } from './goal.js';
import { ownSettings } from './own-settings.js';
import { startTogether } from './start-together.js';

/** The K3s program that hosts get. `sampled` as the files collector prints it; null = not fetched yet. */
export type K3sBinary = Artifact & { readonly sampled: string | null };

/** At most this many agents join at once (K3s' own advice). */
const JOIN_WINDOW = 50;

const installOf = (facts: HostFacts | undefined) =>
  facts?.sections.kubernetes?.value?.installs.find(({ kind }) => kind === 'k3s');

const k3sOf = (facts: HostFacts | undefined) => {
  const install = installOf(facts);
  return install?.role === 'server' ? install : undefined;
};

/** The address by which a host joined. */
const joinedThrough = (facts: HostFacts | undefined): string | undefined => {
  const url = installOf(facts)?.settings['server']?.value;
  return typeof url === 'string' ? url : undefined;
};

/** Data of a cluster lies on the host, whether K3s runs there now or not. */
const hasCluster = (facts: HostFacts | undefined): boolean =>
  k3sOf(facts)?.active === 'active' ||
  ['etcd', 'sqlite', 'external'].includes(k3sOf(facts)?.datastore ?? 'none') ||
  (facts?.sections.kubernetes?.value?.remains ?? []).some((path) => path.includes('rancher/k3s'));

const founded = (facts: HostFacts | undefined): boolean =>
  k3sOf(facts)?.settings['cluster-init']?.value === 'true';

export type Founding =
  | { readonly kind: 'founder'; readonly host: string }
  | { readonly kind: 'joins'; readonly through: string }
  /** Some server host was not observed: founding now could make a second cluster beside a living one. */
  | { readonly kind: 'unknown'; readonly hosts: readonly string[] };

/**
 * Whether a cluster lives already, and on which host. A cluster is founded only after *every* server host was
 * observed empty: a re-run after losing the first server must never found a second one.
 */
export const foundingOf = (servers: readonly ClusterHost[], world: World): Founding => {
  const alive = servers.find(({ name }) => k3sOf(world.hosts.get(name))?.active === 'active');
  if (alive !== undefined) return { kind: 'joins', through: alive.name };
  const unseen = servers.filter(
    ({ name }) => world.hosts.get(name)?.sections.kubernetes?.value === undefined,
  );
  if (unseen.length > 0) return { kind: 'unknown', hosts: unseen.map(({ name }) => name) };
  const used = servers.find(({ name }) => hasCluster(world.hosts.get(name)));
  const begun = servers.find(({ name }) => founded(world.hosts.get(name)));
  return { kind: 'founder', host: (used ?? begun ?? servers[0])?.name ?? '' };
};

const originOf = (founding: Founding, host: ClusterHost, world: World, cluster: Cluster): ServerOrigin => {
  const facts = world.hosts.get(host.name);
  // Whoever has data keeps how it came in: the data decides, and another setting would restart it for nothing.
  if (hasCluster(facts)) {
    if (founded(facts)) return { kind: 'found' };
    const before = joinedThrough(facts);
    if (before !== undefined) return { kind: 'join', url: before };
  }
  if (founding.kind === 'founder' && founding.host === host.name) return { kind: 'found' };
  const through =
    founding.kind === 'founder' ? founding.host : founding.kind === 'joins' ? founding.through : host.name;
  const target =
    through === host.name
      ? cluster.hosts.find(({ role, name }) => role === 'server' && name !== host.name)
      : cluster.hosts.find(({ name }) => name === through);
  return { kind: 'join', url: `https://${target?.address ?? host.address}:${cluster.spec.api.port}` };
};

const interfaceOf = (facts: HostFacts | undefined, address: string): string | undefined =>
  facts?.sections.links?.value?.find(({ addresses }) => addresses.some((entry) => entry.address === address))
    ?.name;

export interface K3sGoalsInput {
  readonly cluster: Cluster;
  readonly world: World;
  readonly binary: K3sBinary;
  /** Images that hosts need not pull; none = they pull. */
  readonly archives: readonly ImageArchive[];
  readonly founding: Exclude<Founding, { kind: 'unknown' }>;
  /** What K3s does about the network, where that is not what the spec wants: it is changed on all servers at once. */
  readonly network?: K3sNetwork;
  /** Goals that must hold on a host before K3s comes there. */
  readonly prepared: (host: string) => readonly string[];
}

const goal = (part: Omit<Goal, 'id' | 'hosts'> & { readonly host: string }): Goal => ({
  ...part,
  id: goalId(part.step, part.host),
  hosts: [part.host],
});

/** An agent that runs keeps its address: it was for joining only, and K3s has its own list of servers since. */
const agentUrl = (facts: HostFacts | undefined, joinUrl: string): string =>
  installOf(facts)?.active === 'active' ? (joinedThrough(facts) ?? joinUrl) : joinUrl;

/** With one or two voters the API stands still while one of them restarts: that is announced, and agreed to (invariant 7). */
const interruptionOf = ({ cluster }: World, host: string): { readonly interruption?: string } => {
  const voters = (cluster?.nodes ?? []).filter(({ etcd }) => etcd === 'voter');
  if (voters.length > 2 || !voters.some(({ name }) => name === host)) return {};
  return { interruption: `etcd has ${count(voters.length, 'voter')}: the API takes no changes meanwhile` };
};

const settingsOf = (input: K3sGoalsInput, host: ClusterHost, joinUrl: string): K3sSettings => {
  const iface = interfaceOf(input.world.hosts.get(host.name), host.address);
  const { network } = input;
  const given = {
    ...(iface === undefined ? {} : { iface }),
    ...(network === undefined ? {} : { network }),
  };
  return host.role === 'server'
    ? serverSettings(input.cluster, host, {
        ...given,
        origin: originOf(input.founding, host, input.world, input.cluster),
      })
    : agentSettings(input.cluster, host, {
        ...given,
        url: agentUrl(input.world.hosts.get(host.name), joinUrl),
      });
};

const hostGoals = (input: K3sGoalsInput, host: ClusterHost, joinUrl: string): Goal[] => {
  const { cluster, binary } = input;
  const { distribution } = cluster.spec;
  if (distribution.kind !== 'k3s') throw new Error('goals of K3s for another distribution');
  const role = host.role as K3sRole;
  const wanted = settingsOf(input, host, joinUrl);
  const settings = renderSettings(wanted);
  const { own } = ownSettings(input.world.hosts.get(host.name), wanted);
  const registries = distribution.registries === undefined ? null : JSON.stringify(distribution.registries);
  const prepared = input.prepared(host.name);
  const config = { role, settings, registries };
  // An agent learns from its server what to do about the network, when it starts.
  const learnt = role === 'agent' ? [input.network ?? askedNetwork(cluster)] : [];
  const stamp = digest([binary.sha256, config, ...learnt]);
  const archives = input.archives.map((archive) => ({ ...archive }));
  const images =
    archives.length === 0
      ? []
      : [goal({ step: k3sImages, host: host.name, params: { archives }, after: prepared })];
  const service = role === 'server' ? k3sServer : k3sAgent;
  const start = { role, node: host.name, stamp };
  const expected = { ...service.expected, ...interruptionOf(input.world, host.name) };
  const installed = [
    goalId(k3sBinary, host.name),
    goalId(k3sConfig, host.name),
    ...images.map(({ id }) => id),
  ];
  return [
    goal({ step: k3sBinary, host: host.name, params: { role, ...binary }, after: prepared }),
    goal({
      step: k3sConfig,
      host: host.name,
      params: own.length === 0 ? config : { ...config, own },
      after: prepared,
    }),
    ...images,
    goal({ step: service, host: host.name, params: start, after: installed, expected }),
  ];
};

/**
 * What shall hold for a K3s cluster: binaries and configuration everywhere at once, then the servers one after
 * another, each gated by its etcd member being a voter, then the agents in a rolling window.
 */
export const k3sGoals = (input: K3sGoalsInput): Goal[] => {
  const members = input.cluster.hosts.filter(isMember);
  const first = input.founding.kind === 'founder' ? input.founding.host : input.founding.through;
  const servers = members
    .filter(({ role }) => role === 'server')
    .sort((a, b) => Number(b.name === first) - Number(a.name === first));
  const agents = members.filter(({ role }) => role === 'agent');
  const joinUrl = `https://${servers[0]?.address ?? ''}:${input.cluster.spec.api.port}`;
  const goals = servers.flatMap((host, index) => {
    const before = servers[index - 1];
    return hostGoals(input, host, joinUrl).map((each) =>
      each.step === k3sServer && before !== undefined
        ? { ...each, after: [...each.after, goalId(k3sServer, before.name)] }
        : each,
    );
  });
  const last = servers.at(-1);
  const together = startTogether(servers, goals, input.world);
  const joined = agents.flatMap((host) =>
    hostGoals(input, host, joinUrl).map((each) =>
      each.step === k3sAgent && last !== undefined
        ? {
            ...each,
            after: [...each.after, goalId(k3sServer, last.name)],
            window: { group: 'agents', size: JOIN_WINDOW },
          }
        : each,
    ),
  );
  return [...together.first, ...goals.map(together.behind), ...joined];
};
