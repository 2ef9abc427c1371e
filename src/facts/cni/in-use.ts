import type { ClusterFacts } from '../cluster/cluster-facts.js';
import type { CollectorValue, HostFacts } from '../model/host-facts.js';
import type { CniMode, CniName, Driver, DriverId } from './driver.js';
import { driverOf, drivers, driversOf } from './drivers.js';

type Cni = CollectorValue<'cni'>;
type Install = CollectorValue<'kubernetes'>['installs'][number];

/** A network at work somewhere in the cluster, and what showed it. */
export interface InUse {
  readonly driver: DriverId;
  readonly cni: CniName;
  /** Absent = it could not be told for certain. */
  readonly mode?: CniMode;
  /** How Drover has told its agents to carry packets; absent = others have, or it has no agents. */
  readonly carriage?: string;
  readonly evidence: readonly Seen[];
}

interface Seen {
  readonly host?: string;
  readonly fact: string;
  readonly text: string;
}

/** Which networks the hosts of a cluster use. `unseen` = hosts of which that cannot be said. */
export interface NetworksInUse {
  readonly used: readonly InUse[];
  readonly unseen: readonly string[];
}

/** Folder and name of a path. */
export const splitPath = (path: string): { readonly dir: string; readonly name: string } => {
  const at = path.lastIndexOf('/');
  return { dir: path.slice(0, at), name: path.slice(at + 1) };
};

const CONF = /\.(conf|conflist|json)$/;

/** Configuration files in folders that a runtime really reads, in the order in which it would take them. */
export const filesThatCount = (cni: Cni): Cni['files'] => {
  const dirs = new Set(cni.readFrom.map(({ confDir }) => confDir.replace(/\/$/, '')));
  return cni.files
    .filter(({ path }) => CONF.test(path) && dirs.has(splitPath(path).dir))
    .sort((a, b) => (splitPath(a.path).name < splitPath(b.path).name ? -1 : 1));
};

/** Installations that run or start at boot. */
export const liveInstalls = (host: HostFacts): readonly Install[] =>
  (host.sections.kubernetes?.value?.installs ?? []).filter(
    (install) => install.active === 'active' || install.enabled === 'enabled',
  );

/**
 * The CNI facts of a host as its Kubernetes sees them: K3s and RKE2 bring a runtime of their own, and another one on the
 * host, with a folder of its own, says nothing about their pods.
 */
export const cniOf = (host: HostFacts): Cni | undefined => {
  const cni = host.sections.cni?.value;
  const kinds = new Set<string>(liveInstalls(host).map(({ kind }) => kind));
  const own = cni?.readFrom.filter(({ runtime }) => kinds.has(runtime)) ?? [];
  return cni === undefined || own.length === 0 ? cni : { ...cni, readFrom: own };
};

const configText = (file: Cni['files'][number]): string =>
  `${splitPath(file.path).name} ${file.type ?? ''} ${file.name ?? ''}`.toLowerCase();

const configured = (host: HostFacts): readonly (Seen & { readonly cni: CniName })[] => {
  const cni = cniOf(host);
  const first = cni === undefined || liveInstalls(host).length === 0 ? undefined : filesThatCount(cni)[0];
  if (first === undefined) return [];
  const names = drivers
    .filter(({ signs }) => signs.config.test(configText(first)))
    .map((driver) => driver.cni);
  return [...new Set(names)].map((name) => ({
    cni: name,
    host: host.name,
    fact: `hosts.${host.name}.cni.files`,
    text: `${first.path} is the configuration that the runtime reads`,
  }));
};

const liveServers = (
  hosts: readonly HostFacts[],
): readonly { readonly host: string; readonly install: Install }[] =>
  hosts.flatMap((host) =>
    liveInstalls(host)
      .filter(({ kind, role }) => kind === 'k3s' && role === 'server')
      .map((install) => ({ host: host.name, install })),
  );

/** The value of a setting on all servers; `mixed` when they differ, undefined without servers. */
export const serverSetting = (
  hosts: readonly HostFacts[],
  key: string,
  usual: string,
): string | undefined => {
  const values = new Set(
    liveServers(hosts).map(({ install }) => String(install.settings[key]?.value ?? usual)),
  );
  return values.size > 1 ? 'mixed' : [...values][0];
};

/** Whether K3s' own controller of NetworkPolicies runs: unless all servers say that it does not. */
export const judgesPolicies = (hosts: readonly HostFacts[]): boolean =>
  hosts.some(runsK3s) && serverSetting(hosts, 'disable-network-policy', 'false') !== 'true';

const runsK3s = (host: HostFacts): boolean => liveInstalls(host).some(({ kind }) => kind === 'k3s');

/** K3s runs Flannel unless its servers say otherwise; agents have no such setting, so without servers it counts as on. */
const embedded = (hosts: readonly HostFacts[]): readonly Seen[] => {
  const backend = serverSetting(hosts, 'flannel-backend', 'vxlan');
  if (backend === 'none') return [];
  return hosts.filter(runsK3s).map(({ name }) => ({
    host: name,
    fact: `hosts.${name}.kubernetes.installs`,
    text: `K3s runs Flannel (${backend === undefined ? 'no server was seen that switches it off' : `flannel-backend: ${backend}`})`,
  }));
};

const agentsOf = (driver: Driver, cluster: ClusterFacts | undefined): readonly Seen[] =>
  (cluster?.workloads ?? [])
    .filter(
      ({ kind, namespace, name, wanted }) =>
        kind === 'DaemonSet' && wanted > 0 && driver.signs.agents.test(`${namespace}/${name}`),
    )
    .map(({ namespace, name, ready, wanted }) => ({
      fact: 'kubernetes.workloads',
      text: `DaemonSet ${namespace}/${name} runs on ${ready} of ${wanted} nodes`,
    }));

const FLANNEL_MODES: Readonly<Record<string, CniMode>> = {
  vxlan: 'vxlan',
  'host-gw': 'host-gw',
  'wireguard-native': 'wireguard',
  wireguard: 'wireguard',
};

/** Flannel's mode counts when the servers' settings and what running Flannels wrote on their nodes agree. */
const flannelMode = (
  hosts: readonly HostFacts[],
  cluster: ClusterFacts | undefined,
  inK3s: boolean,
): CniMode | undefined => {
  const setting = inK3s ? serverSetting(hosts, 'flannel-backend', 'vxlan') : undefined;
  const written = (cluster?.nodes ?? []).flatMap(({ flannelBackend }) => flannelBackend?.toLowerCase() ?? []);
  const modes = new Set(
    [...(setting === undefined ? [] : [setting]), ...written].map((one) => FLANNEL_MODES[one]),
  );
  return modes.size === 1 ? [...modes][0] : undefined;
};

/** The mode whose device is up on every host that shows any device of the network; without one, the mode without device. */
const modeByDevices = (driver: Driver, hosts: readonly HostFacts[]): CniMode | undefined => {
  const live = hosts.filter((host) => liveInstalls(host).length > 0);
  if (live.some(({ sections }) => sections.links?.value === undefined)) return undefined;
  const modes = live.map(({ sections }) => {
    const up = sections.links?.value?.filter((link) => link.up && link.addresses.length > 0) ?? [];
    const carried = driver.encapsulations.find(({ device }) => up.some(({ name }) => name === device));
    return (carried ?? driver.encapsulations.find(({ device }) => device === undefined))?.mode;
  });
  return new Set(modes).size === 1 ? modes[0] : undefined;
};

const variantOf = (
  cni: CniName,
  agents: ReadonlyMap<DriverId, readonly Seen[]>,
  inK3s: boolean,
): DriverId => {
  const all = driversOf(cni);
  const running = all.find(({ id }) => (agents.get(id) ?? []).length > 0);
  if (running !== undefined) return running.id;
  const usual = cni === 'flannel' && !inK3s ? 'flannel-daemonset' : all[0]?.id;
  if (usual === undefined) throw new Error(`no driver of ${cni}`);
  return usual;
};

/**
 * The networks that a cluster uses, on any of its hosts: what runtimes read first, Flannel inside K3s, and agents that
 * run. In the middle of a change there are two. Pure.
 */
export const networksInUse = (hosts: readonly HostFacts[], cluster?: ClusterFacts): NetworksInUse => {
  const read = hosts.flatMap(configured);
  const k3s = embedded(hosts);
  const agents = new Map(drivers.map((driver) => [driver.id, agentsOf(driver, cluster)]));
  const names = [...new Set(drivers.map(({ cni }) => cni))];
  const used = names.flatMap((cni): InUse[] => {
    const seen = [
      ...read.filter((one) => one.cni === cni).map(({ cni: _, ...one }) => one),
      ...(cni === 'flannel' ? k3s : []),
      ...driversOf(cni).flatMap(({ id }) => agents.get(id) ?? []),
    ];
    if (seen.length === 0) return [];
    const driver = driverOf(variantOf(cni, agents, k3s.length > 0));
    const mode =
      cni === 'flannel' ? flannelMode(hosts, cluster, k3s.length > 0) : modeByDevices(driver, hosts);
    const carriage = cluster?.workloads.find(
      (one) => one.carriage !== undefined && driver.signs.agents.test(`${one.namespace}/${one.name}`),
    )?.carriage;
    return [
      {
        driver: driver.id,
        cni,
        ...(mode === undefined ? {} : { mode }),
        ...(carriage === undefined ? {} : { carriage }),
        evidence: seen,
      },
    ];
  });
  const unseen = hosts.filter(
    ({ sections }) => sections.kubernetes?.value === undefined || sections.cni?.value === undefined,
  );
  return { used, unseen: unseen.map(({ name }) => name) };
};
