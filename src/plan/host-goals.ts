import type { Cluster, ClusterHost } from '../spec/cluster.js';
import { hostSwap } from '../steps/host/swap.js';
import { hostSysctls } from '../steps/host/sysctls.js';
import type { AnyStep } from '../steps/step.js';
import type { Json } from '../core/canonical.js';
import { type Goal, goalId } from './goal.js';

/** What a Kubernetes node needs of its kernel, whatever runs on it. */
const NODE_SYSCTLS: Readonly<Record<string, string>> = {
  'fs.inotify.max_user_instances': '8192',
  'fs.inotify.max_user_watches': '524288',
  'net.bridge.bridge-nf-call-ip6tables': '1',
  'net.bridge.bridge-nf-call-iptables': '1',
  'net.ipv4.ip_forward': '1',
};

/** The list that K3s names for the CIS benchmark (protect-kernel-defaults). */
const CIS_SYSCTLS: Readonly<Record<string, string>> = {
  'kernel.panic': '10',
  'kernel.panic_on_oops': '1',
  'vm.overcommit_memory': '1',
  'vm.panic_on_oom': '0',
};

const sysctlsOf = ({ spec: { preparation } }: Cluster): Record<string, string> => ({
  ...NODE_SYSCTLS,
  ...(preparation.cis ? CIS_SYSCTLS : {}),
  ...Object.fromEntries(Object.entries(preparation.sysctls).map(([key, value]) => [key, String(value)])),
});

/** Preparation of one host, as the spec wants it. Steps of one host run one after another, in this order. */
export const hostGoals = (cluster: Cluster, host: ClusterHost): Goal[] => {
  const wanted: { readonly step: AnyStep; readonly params: Json }[] = [
    ...(cluster.spec.preparation.swap === 'off' ? [{ step: hostSwap, params: {} }] : []),
    { step: hostSysctls, params: { values: sysctlsOf(cluster) } },
  ];
  return wanted.map(({ step, params }) => ({
    id: goalId(step, host.name),
    step,
    params,
    host: host.name,
    hosts: [host.name],
    after: [],
  }));
};
