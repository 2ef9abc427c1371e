import type { Json } from '../../core/canonical.js';
import { formatCidr } from '../../core/cidr.js';
import { poolAlone, poolBeside } from '../../diagnosis/change/ranges.js';
import type { CniMode, CniName, Encapsulation } from '../../facts/cni/driver.js';
import { driverOf } from '../../facts/cni/drivers.js';
import { cniOf, filesThatCount, splitPath } from '../../facts/cni/in-use.js';
import { type Cluster, isMember } from '../../spec/cluster.js';
import { GENEVE, overheadOf, underlayMtu } from '../../spec/cni.js';
import { cniVersionOf } from '../../spec/versions.js';
import type { RecipeInput } from '../../steps/cni/recipe.js';
import { recipes } from '../../steps/cni/recipes.js';
import { askedNetwork } from '../../steps/k3s/settings.js';
import type { World } from '../../steps/step.js';
import { memberFacts, runningNetwork } from './running.js';
import type { Asked, Situation } from './situation.js';
import { turnOf } from './turn.js';

/** Beside a network that pods still use, or as the only one, which is what runtimes read. */
export type Phase = 'beside' | 'alone';

/** Where runtimes look when nobody tells them otherwise; K3s without Flannel does. */
export const STANDARD = { confDir: '/etc/cni/net.d', binDir: '/opt/cni/bin' } as const;

/** The lab's own network has one version. */
const LAB_VERSION = '1';

/** Ethernet without tunnel of any kind. */
const PLAIN_MTU = 1500;

/** The runtime of every member takes the configuration of the asked network. */
export const allSwitched = (cluster: Cluster, world: World, { driver }: Asked): boolean => {
  const hosts = memberFacts(cluster, world);
  return (
    hosts.length > 0 &&
    hosts.every((host) => {
      const cni = cniOf(host);
      const [first] = cni === undefined ? [] : filesThatCount(cni);
      return first !== undefined && splitPath(first.path).name === recipes[driver]?.confName;
    })
  );
};

/** While nodes still have the former network, and change one by one, the new one stands beside it. */
export const phaseOf = (cluster: Cluster, world: World, situation: Situation): Phase =>
  situation.kind === 'other' &&
  cluster.spec.network.change.way === 'node-by-node' &&
  !allSwitched(cluster, world, situation.asked)
    ? 'beside'
    : 'alone';

const nodeLinks = (cluster: Cluster, world: World) =>
  cluster.hosts
    .filter(isMember)
    .flatMap(({ name, address }) =>
      (world.hosts.get(name)?.sections.links?.value ?? []).filter(({ addresses }) =>
        addresses.some((entry) => entry.address === address),
      ),
    );

/** While both carry packets neither may send more than the other passes. */
const mtuOf = (
  cluster: Cluster,
  world: World,
  { beside, turn }: { readonly beside: boolean; readonly turn: RecipeInput['turn'] },
): number => {
  const { network } = cluster.spec;
  if (network.cni.mtu !== undefined) return network.cni.mtu;
  const links = nodeLinks(cluster, world).map(({ mtu }) => mtu);
  const underlay = underlayMtu(network) ?? Math.min(PLAIN_MTU, ...links);
  const of = (name: CniName, mode: CniMode): number =>
    overheadOf({ ...network, cni: { name, mode, options: {} } });
  const besides = beside ? of('flannel', 'vxlan') : 0;
  const former = turn === undefined ? besides : of(network.cni.name as CniName, turn.from);
  return underlay - Math.max(overheadOf(network), former);
};

/** The folders that the members' runtimes read now. */
export const foldersRead = (
  cluster: Cluster,
  world: World,
): { readonly confDir: string; readonly binDir: string } => {
  const [first] = memberFacts(cluster, world).flatMap((host) => cniOf(host)?.readFrom ?? []);
  return first === undefined ? STANDARD : { confDir: first.confDir, binDir: first.binDir };
};

const poolText = (cluster: Cluster, world: World, situation: Situation, asked: Asked): string => {
  const { network } = cluster.spec;
  const { addressing, signs } = driverOf(asked.driver);
  // Kubernetes gives each node its range out of all of it.
  if (addressing.kind === 'node-range') return network.pods;
  const choose = situation.kind === 'none' ? poolAlone : poolBeside;
  const pool = choose(network, signs.agents, world.cluster);
  return pool === undefined ? network.pods : formatCidr(pool);
};

/** Agents of all hosts are told one back end: the old one only where nobody uses another. */
const iptablesOf = (cluster: Cluster, world: World): 'nft' | 'legacy' => {
  const used = memberFacts(cluster, world).flatMap(
    ({ sections }) => sections.firewall?.value?.iptables.backend ?? [],
  );
  return used.length > 0 && used.every((backend) => backend === 'legacy') ? 'legacy' : 'nft';
};

/** Cilium gives a node one block for all its pods, as Kubernetes does; others give as many as it needs. */
const blockOf = ({ network }: Cluster['spec'], { driver }: Asked): number =>
  network.cni.name === 'cilium' ? network.nodeMask : driverOf(driver).addressing.block;

/** Geneve’s port is not the one of VXLAN, which the mode has otherwise. */
const tunnelPort = (all: readonly Encapsulation[], { mode, carriage }: Asked): number | undefined =>
  carriage === 'tunnel/geneve' ? GENEVE : all.find((each) => each.mode === mode)?.udp;

/** Before the network is alone, kube-proxy does what it does; from then on it is what the spec says. */
const replacesKubeProxy = (cluster: Cluster, world: World, { kind }: Situation): boolean =>
  kind === 'settled' ? !askedNetwork(cluster).kubeProxy : runningNetwork(cluster, world)?.kubeProxy === false;

/** What the asked network is made from, in this cluster, as it is now. Pure. */
export const recipeInput = (
  cluster: Cluster,
  world: World,
  {
    asked,
    situation,
    phase,
  }: { readonly asked: Asked; readonly situation: Situation; readonly phase: Phase },
): RecipeInput => {
  const { network, api } = cluster.spec;
  const { port, options } = network.cni;
  const beside = phase === 'beside';
  const members = cluster.hosts.filter(isMember);
  const usual = tunnelPort(driverOf(asked.driver).encapsulations, asked);
  const turn = turnOf(world, situation);
  const server = members.find(({ role }) => role === 'server');
  return {
    version: cniVersionOf(network) ?? LAB_VERSION,
    mode: asked.mode,
    pool: poolText(cluster, world, situation, asked),
    blockPrefix: blockOf(cluster.spec, asked),
    mtu: mtuOf(cluster, world, { beside, turn }),
    port: usual === undefined ? null : (port ?? usual),
    pods: network.pods,
    services: network.services,
    beside,
    ...(beside ? foldersRead(cluster, world) : STANDARD),
    api: { host: api.endpoint ?? server?.address ?? '', port: api.port },
    nodes: members.map(({ name: node, address }) => ({ name: node, address })),
    options: options as Readonly<Record<string, Json>>,
    iptables: iptablesOf(cluster, world),
    interfaces: [...new Set(nodeLinks(cluster, world).map((link) => link.name))].sort(),
    cluster: cluster.name,
    ...(turn === undefined ? {} : { turn }),
    providerRoutes: network.provider?.routes === true,
    replacesKubeProxy: replacesKubeProxy(cluster, world, situation),
  };
};
