import type { Json } from '../core/canonical.js';
import { type Cluster, type ClusterHost, isMember } from '../spec/cluster.js';
import { modeOf } from '../spec/cni.js';
import { hostFirewall } from '../steps/host/firewall.js';
import { hostHostname } from '../steps/host/hostname.js';
import { hostHostsFile } from '../steps/host/hosts-file.js';
import { hostModules } from '../steps/host/modules.js';
import { hostPackages } from '../steps/host/packages.js';
import { hostResolvers } from '../steps/host/resolvers.js';
import { hostSwap } from '../steps/host/swap.js';
import { hostSysctls } from '../steps/host/sysctls.js';
import { hostTime } from '../steps/host/time.js';
import type { AnyStep } from '../steps/step.js';
import { firewallRules } from './firewall-rules.js';
import { type Goal, goalId } from './goal.js';

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

/** Kernel modules of the cluster networks, by mode. */
const MODE_MODULES: Readonly<Record<string, readonly string[]>> = {
  vxlan: ['vxlan'],
  tunnel: ['vxlan'],
  ipip: ['ipip'],
  wireguard: ['wireguard'],
};

/** How long a host waits for the proof that logging in still works. */
const DEAD_MAN_SECONDS = 60;

const sysctlsOf = ({ spec: { preparation } }: Cluster): Json => {
  const values: Record<string, string> = {
    ...NODE_SYSCTLS,
    ...(preparation.cis ? CIS_SYSCTLS : {}),
    ...Object.fromEntries(Object.entries(preparation.sysctls).map(([key, value]) => [key, String(value)])),
  };
  const least = Object.entries(NODE_LIMITS).filter(([key]) => values[key] === undefined);
  return { values, least: Object.fromEntries(least) };
};

const modulesOf = ({ spec: { network } }: Cluster): Json => ({
  modules: [
    ...new Set([
      ...NODE_MODULES,
      ...(MODE_MODULES[modeOf(network)] ?? []),
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

/** Packages come after the name servers that find them, the firewall last. */
const wantedOf = (cluster: Cluster, host: ClusterHost): Wanted[] => {
  const { swap, time, resolvers, packages, firewall } = cluster.spec.preparation;
  const { sync, servers, timezone = null } = time;
  return [
    ...(swap === 'off' ? [{ step: hostSwap, params: {} }] : []),
    { step: hostModules, params: modulesOf(cluster) },
    { step: hostSysctls, params: sysctlsOf(cluster) },
    { step: hostHostsFile, params: namesOf(cluster) },
    { step: hostHostname, params: { name: host.name } },
    ...(resolvers === undefined ? [] : [{ step: hostResolvers, params: { ...resolvers } }]),
    ...(sync || timezone !== null ? [{ step: hostTime, params: { sync, servers, timezone } }] : []),
    ...(packages.length > 0 ? [{ step: hostPackages, params: { packages } }] : []),
    ...(firewall.kind === 'ufw'
      ? [
          {
            step: hostFirewall,
            params: { rules: firewallRules(cluster, host), deadManSeconds: DEAD_MAN_SECONDS },
          },
        ]
      : []),
  ];
};

/** Preparation of one host, as the spec wants it. Steps of one host run one after another, in this order. */
export const hostGoals = (cluster: Cluster, host: ClusterHost): Goal[] =>
  wantedOf(cluster, host).map(({ step, params }) => ({
    id: goalId(step, host.name),
    step,
    params,
    host: host.name,
    hosts: [host.name],
    after: [],
  }));
