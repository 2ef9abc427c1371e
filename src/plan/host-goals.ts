import type { Json } from '../core/canonical.js';
import { driverAsked } from '../facts/cni/drivers.js';
import type { HostFacts } from '../facts/model/host-facts.js';
import { type Cluster, type ClusterHost, isMember } from '../spec/cluster.js';
import { modeOf } from '../spec/cni.js';
import { hostFirewall } from '../steps/host/firewall.js';
import { hostHostname } from '../steps/host/hostname.js';
import { hostHostsFile } from '../steps/host/hosts-file.js';
import { hostModules, MODULES_FILE } from '../steps/host/modules.js';
import { hostPackages } from '../steps/host/packages.js';
import { hostResolvers } from '../steps/host/resolvers.js';
import { hostSwap } from '../steps/host/swap.js';
import { hostSysctls, SYSCTL_FILE } from '../steps/host/sysctls.js';
import { hostTime } from '../steps/host/time.js';
import { isOwnTuple } from '../steps/host/ufw-rules.js';
import type { AnyStep } from '../steps/step.js';
import { firewallRules } from './firewall-rules.js';
import { type Goal, goalId } from './goal.js';

type Network = Cluster['spec']['network'];

/** What a Kubernetes node needs of its kernel, whatever runs on it. */
const NODE_SYSCTLS: Readonly<Record<string, string>> = {
  'net.bridge.bridge-nf-call-ip6tables': '1',
  'net.bridge.bridge-nf-call-iptables': '1',
  'net.ipv4.ip_forward': '1',
};

/** Limits that nodes reach first: watches of kubelet and pods, tracked connections. More is kept. */
const NODE_LIMITS: Readonly<Record<string, string>> = {
  'fs.inotify.max_user_instances': '8192',
  'fs.inotify.max_user_watches': '524288',
  'net.netfilter.nf_conntrack_max': '131072',
};

/** The list that K3s names for the CIS benchmark (protect-kernel-defaults). */
const CIS_SYSCTLS: Readonly<Record<string, string>> = {
  'kernel.panic': '10',
  'kernel.panic_on_oops': '1',
  'vm.overcommit_memory': '1',
  'vm.panic_on_oom': '0',
};

const NODE_MODULES = ['br_netfilter', 'ip_set', 'nf_conntrack', 'overlay'] as const;

/** How long a host waits for the proof that logging in still works. */
const DEAD_MAN_SECONDS = 60;

/** Of which cluster networks a host must carry packets, and what was seen of it. */
export interface Carries {
  /** Networks that stand beside the one of the spec. */
  readonly also?: readonly Network[];
  readonly facts?: HostFacts | undefined;
}

const REVERSE_PATH = 'net.ipv4.conf.all.rp_filter';
const LOOSE = '2';

/**
 * Packets between two networks, and those of some networks, come in by another device than answers leave by. A host that
 * filters strictly, or that Drover has made filter loosely before, filters loosely.
 */
const reversePath = (
  { spec: { network } }: Cluster,
  { also = [], facts }: Carries,
): Readonly<Record<string, string>> => {
  const needed = also.length > 0 || driverAsked(network)?.asymmetric === true;
  const strict = facts?.sections.sysctls?.value?.[REVERSE_PATH] === '1';
  const own = facts?.sections['sysctl-files']?.value?.some(
    ({ file, key }) => file === SYSCTL_FILE && key === REVERSE_PATH,
  );
  return needed && (strict || own === true) ? { [REVERSE_PATH]: LOOSE } : {};
};

const sysctlsOf = (cluster: Cluster, carries: Carries): Json => {
  const { preparation } = cluster.spec;
  const values: Record<string, string> = {
    ...NODE_SYSCTLS,
    ...reversePath(cluster, carries),
    ...(preparation.cis ? CIS_SYSCTLS : {}),
    ...Object.fromEntries(Object.entries(preparation.sysctls).map(([key, value]) => [key, String(value)])),
  };
  const least = Object.entries(NODE_LIMITS).filter(([key]) => values[key] === undefined);
  return { values, least: Object.fromEntries(least) };
};

/** The module that carries the packets of a network. */
const moduleOf = (network: Network): string | undefined =>
  driverAsked(network)?.encapsulations.find(({ mode }) => mode === modeOf(network))?.module;

const modulesOf = ({ spec: { network } }: Cluster, { also = [] }: Carries): Json => ({
  modules: [
    ...new Set([
      ...NODE_MODULES,
      ...[network, ...also].flatMap((each) => moduleOf(each) ?? []),
      ...(network.kubeProxy === 'ipvs' ? ['ip_vs'] : []),
    ]),
  ].sort(),
});

const namesOf = ({ hosts }: Cluster): Json => ({
  hosts: Object.fromEntries(hosts.filter(isMember).map(({ name, address }) => [name, address])),
});

interface Wanted {
  readonly step: AnyStep;
  readonly params: Json;
}

const firewallOf = (cluster: Cluster, host: ClusterHost, { also }: Carries): Wanted[] =>
  cluster.spec.preparation.firewall.kind === 'ufw'
    ? [
        {
          step: hostFirewall,
          params: { rules: firewallRules(cluster, host, also), deadManSeconds: DEAD_MAN_SECONDS },
        },
      ]
    : [];

/** Packages come after the name servers that find them, the firewall last. */
const wantedOf = (cluster: Cluster, host: ClusterHost, carries: Carries): Wanted[] => {
  const { swap, time, resolvers, packages } = cluster.spec.preparation;
  const { sync, servers, timezone = null } = time;
  return [
    ...(swap === 'off' ? [{ step: hostSwap, params: {} }] : []),
    { step: hostModules, params: modulesOf(cluster, carries) },
    { step: hostSysctls, params: sysctlsOf(cluster, carries) },
    { step: hostHostsFile, params: namesOf(cluster) },
    { step: hostHostname, params: { name: host.name } },
    ...(resolvers === undefined ? [] : [{ step: hostResolvers, params: { ...resolvers } }]),
    ...(sync || timezone !== null ? [{ step: hostTime, params: { sync, servers, timezone } }] : []),
    ...(packages.length > 0 ? [{ step: hostPackages, params: { packages } }] : []),
    ...firewallOf(cluster, host, carries),
  ];
};

/** Steps that a change of the cluster network may take on hosts that Drover has prepared. */
export const CARRIAGE: readonly string[] = [hostModules.id, hostSysctls.id, hostFirewall.id];

/** What a change of the cluster network touches of what Drover has prepared on a host: there, and nowhere else. */
const carriageOf = (cluster: Cluster, host: ClusterHost, carries: Carries): Wanted[] => {
  const { files, firewall } = carries.facts?.sections ?? {};
  const boot = carries.facts?.sections['sysctl-files']?.value ?? [];
  return [
    ...(files?.value?.[MODULES_FILE] !== undefined
      ? [{ step: hostModules, params: modulesOf(cluster, carries) }]
      : []),
    ...(boot.some(({ file }) => file === SYSCTL_FILE)
      ? [{ step: hostSysctls, params: sysctlsOf(cluster, carries) }]
      : []),
    ...(firewall?.value?.ufw.rules.some(isOwnTuple) === true ? firewallOf(cluster, host, carries) : []),
  ];
};

/** The host carries packets of these networks. `mark` tells this from its preparation, and from other times in one run. */
export const carriageGoals = (
  cluster: Cluster,
  host: ClusterHost,
  { mark, after, ...carries }: Carries & { readonly mark: string; readonly after: readonly string[] },
): Goal[] =>
  carriageOf(cluster, host, carries).map(({ step, params }) => ({
    id: `${goalId(step, host.name)}/${mark}`,
    step,
    params,
    host: host.name,
    hosts: [host.name],
    after,
  }));

/** Preparation of one host, as the spec wants it. Steps of one host run one after another, in this order. */
export const hostGoals = (cluster: Cluster, host: ClusterHost, carries: Carries = {}): Goal[] =>
  wantedOf(cluster, host, carries).map(({ step, params }) => ({
    id: goalId(step, host.name),
    step,
    params,
    host: host.name,
    hosts: [host.name],
    after: [],
  }));
