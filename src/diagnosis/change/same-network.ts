import type { Evidence } from '../../core/events/finding.js';
import type { NetworkOption } from '../../core/events/verdict.js';
import { driverAsked, driverOf } from '../../facts/cni/drivers.js';
import type { InUse } from '../../facts/cni/in-use.js';
import { carriageOf, modeOf } from '../../spec/cni.js';
import { type Look, observe } from '../access.js';
import { NETWORKS } from '../networks.js';
import type { RuleContext } from '../rule.js';
import { underlayOf } from '../underlay.js';
import { reversePath } from '../verdicts/kernel.js';
import type { Way, WayId } from './way.js';

/** The network that runs is the one that is asked for, in another form. */
export interface SameNetwork {
  readonly context: RuleContext;
  readonly current: InUse;
  readonly from: NetworkOption;
  readonly to: NetworkOption;
}

type Limits = Pick<Way, 'conditions' | 'forbidden'>;

const askedCarriage = ({ cluster }: RuleContext): string | undefined =>
  cluster === undefined
    ? undefined
    : carriageOf(modeOf(cluster.spec.network), cluster.spec.network.cni.options);

/** Does it run as the spec asks, as far as can be seen? */
export const runsAsAsked = ({ context, current, from, to }: SameNetwork): boolean => {
  const { network } = context.cluster?.spec ?? {};
  const asked = network === undefined ? undefined : driverAsked(network);
  if (context.facts.kubernetes !== undefined && asked !== undefined && asked.id !== current.driver)
    return false;
  return current.carriage === undefined ? from === to : current.carriage === askedCarriage(context);
};

/** `Calico VXLAN (vxlan/cross-subnet)`: the title, and what it does not say. */
export const carriedTitle = (option: NetworkOption, carriage: string | undefined): string => {
  const { title, mode } = NETWORKS[option];
  return carriage === undefined || carriage === mode ? title : `${title} (${carriage})`;
};

export const askedTitle = ({ context, to }: SameNetwork): string => {
  const { network } = context.cluster?.spec ?? {};
  const driver = network === undefined ? undefined : driverAsked(network);
  const title = carriedTitle(to, askedCarriage(context));
  return driver?.id === 'flannel-daemonset' || driver?.id === 'calico-operator'
    ? `${driver.title}: ${title}`
    : title;
};

/** How the same network gets there. */
export const sameWay = ({ context, current }: SameNetwork): WayId => {
  const { network } = context.cluster?.spec ?? {};
  const asked = network === undefined ? undefined : driverAsked(network);
  if (asked?.id === 'flannel-k3s') return 'backend';
  return asked === undefined || asked.id === current.driver ? 'mode' : 'take-over';
};

/** Pods’ ends on hosts: their MTU was set when the pod was made, and nobody changes it. */
const POD_END = /^(cali|lxc|veth)/;

/** Pods that were made for a smaller header send packets that do not fit any more. */
const podsTooLarge = ({ context, to }: SameNetwork): Evidence[] => {
  const underlay = underlayOf(context);
  if (underlay === undefined) return [];
  const most = underlay.mtu - NETWORKS[to].overhead;
  const seen = observe(context, 'links', (links): Look[] =>
    links
      .filter(({ name, kind, mtu }) => kind === 'veth' && POD_END.test(name) && mtu > most)
      .map(({ name, mtu }) => ({
        text: `a pod at ${name} has an MTU of ${mtu}, and ${NETWORKS[to].title} carries ${most}: first network.cni.mtu: ${most}, and its pods start again`,
        at: name,
      })),
  );
  return seen.slice(0, 1).map(({ fact, text }) => ({ fact, text }));
};

const toldByOthers = ({ current }: SameNetwork): Evidence[] =>
  current.carriage === undefined
    ? [
        {
          fact: 'kubernetes.workloads',
          text: `${driverOf(current.driver).title} was not told by Drover how to carry packets: change it where it is managed`,
        },
      ]
    : [];

/** Cilium cannot give other addresses to pods that live. */
const providerRanges = ({ context, to }: SameNetwork): Evidence[] =>
  to === 'cilium-native' && context.cluster?.spec.network.provider?.routes === true
    ? [
        {
          fact: 'spec.network.provider.routes',
          text: 'routes of the provider follow the ranges of nodes, and the pods that live have addresses of Cilium’s pool',
        },
      ]
    : [];

/** What stands against another mode of the same network, beside what the mode itself needs. Pure. */
export const limitsOfMode = (same: SameNetwork): Limits => {
  const strict = reversePath(same.context);
  return {
    conditions: strict.outcome === 'if' ? [strict.text] : [],
    forbidden: [...toldByOthers(same), ...providerRanges(same), ...podsTooLarge(same)],
  };
};

/** Flannel inside K3s goes on as a DaemonSet while packets go the same way; nothing else takes over from its like. */
export const limitsOfTakeOver = ({ context, current, from, to }: SameNetwork): Limits => {
  const { network } = context.cluster?.spec ?? {};
  const asked = network === undefined ? undefined : driverAsked(network);
  if (asked?.id !== 'flannel-daemonset')
    return {
      conditions: [],
      forbidden: [
        {
          fact: 'kubernetes.workloads',
          text: `${driverOf(current.driver).title} runs, and agents of both would fight for the same devices and files: say by: ${driverOf(current.driver).by.split('/')[1] ?? ''} in spec.network.cni`,
        },
      ],
    };
  const { mode } = NETWORKS[from];
  return {
    conditions: [],
    forbidden:
      from === to
        ? []
        : [{ fact: 'kubernetes.nodes', text: `packets go by ${mode} now: first mode: ${mode}` }],
  };
};
