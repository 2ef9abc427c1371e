import type { Way, WayId } from './way.js';

type Price = Way['price'];

const NEW_PODS_ONLY = 'bare pods, which nothing recreates; connections of every pod that is recreated';

/** Measured on five hosts with the lab engine, Kubernetes 1.34, Flannel VXLAN → Calico 3.32 VXLAN and back, in autumn 2026. */
const FLANNEL_TO_CALICO: Readonly<Partial<Record<WayId, Price>>> = {
  'node-by-node': {
    interruption:
      'pod to pod median 3.4 s, at most 4.7 s per pair; ClusterIP none (recreating pods without a change costs 1.3–1.8 s)',
    reboots: 'none',
    lost: NEW_PODS_ONLY,
    back: 'node by node: median 2.7 s, at most 4.2 s',
  },
  'in-place': {
    interruption: 'pod to pod median 6.1 s, at most 7.9 s; ClusterIP 3.7 s, DNS 8.2 s; about 35 s of work',
    reboots: 'none',
    lost: NEW_PODS_ONLY,
    back: 'in place: median 6.3 s',
  },
};

/** Measured by `bench/cni.ts` on five hosts of one busy machine, Kubernetes 1.34, in autumn 2026. */
const FLANNEL_TO_LAB: Readonly<Partial<Record<WayId, Price>>> = {
  'node-by-node': {
    interruption:
      'pod to pod median 1.3 s, at most 3.4 s per pair; ClusterIP none (recreating pods without a change costs 1.6 s)',
    reboots: 'none',
    lost: NEW_PODS_ONLY,
    back: 'node by node: median 1.6 s, at most 6.4 s',
  },
  'in-place': {
    interruption: 'pod to pod median 7.2 s, at most 9.0 s; ClusterIP 3.2 s; about 30 s of work',
    reboots: 'none',
    lost: NEW_PODS_ONLY,
    back: 'in place, the same once more',
  },
};

/** By the network that runs and the one that is asked for. */
const MEASURED: Readonly<Record<string, Readonly<Partial<Record<WayId, Price>>>>> = {
  'flannel-vxlan → calico-vxlan': FLANNEL_TO_CALICO,
  'flannel-vxlan → lab-vxlan': FLANNEL_TO_LAB,
};

const NOT_MEASURED: Readonly<Record<WayId, Price>> = {
  'node-by-node': {
    interruption: 'each pod is recreated once; for this pair of networks nobody has measured it',
    reboots: 'not known: Cilium’s own guide restarts every node',
    lost: NEW_PODS_ONLY,
    back: 'node by node, until the old network is switched off',
  },
  'in-place': {
    interruption: 'all pods are recreated at once; for this pair of networks nobody has measured it',
    reboots: 'not known',
    lost: NEW_PODS_ONLY,
    back: 'in place, the same once more',
  },
  backend: {
    interruption:
      'pods between nodes, from the restart of the first server to that of the last node; not measured',
    reboots: 'none',
    lost: 'nothing: pods keep their addresses',
    back: 'the same with the former back end',
  },
  mode: {
    interruption: 'pods between nodes, until all agents have followed; not measured',
    reboots: 'none',
    lost: 'connections between nodes may break; pods keep their addresses',
    back: 'the same with the former mode',
  },
  'take-over': {
    interruption: 'none is expected: ranges, device and routes stay; not measured',
    reboots: 'none',
    lost: 'nothing: pods keep their addresses',
    back: 'K3s runs Flannel again, on the same ranges and device',
  },
  rebuild: {
    interruption: 'everything, for as long as a new cluster and the move into it take',
    reboots: 'new hosts',
    lost: 'nothing that is exported and proven before',
    back: 'the old cluster, as long as it stands',
  },
};

/** What is cut when a network carries packets another way, and for how long. Of its projects’ documentation; nobody has measured it. */
const MODE: Readonly<Record<string, string>> = {
  calico:
    'pods between nodes, from the change of the pools until every agent has put its routes; agents have both tunnels then, and start again before and after it; not measured',
  cilium:
    'pods between nodes, while all agents start again at once: nodes of different modes do not reach each other; not measured',
  flannel: 'pods between nodes, while its agents start again one after another; not measured',
};

/** What a way costs between two networks. */
export const priceOf = (way: WayId, from: string, to: string): Price => {
  const price = MEASURED[`${from} → ${to}`]?.[way] ?? NOT_MEASURED[way];
  const cut = way === 'mode' ? MODE[to.split('-')[0] ?? ''] : undefined;
  return cut === undefined ? price : { ...price, interruption: cut };
};
