import { type Cidr, formatCidr } from '../../core/cidr.js';
import type { Evidence } from '../../core/events/finding.js';
import { NETWORK_OPTIONS, type NetworkOption, type Verdict } from '../../core/events/verdict.js';
import { driverOf, driversOf } from '../../facts/cni/drivers.js';
import { type InUse, networksInUse } from '../../facts/cni/in-use.js';
import { type Look, members, observe } from '../access.js';
import { askedOption, NETWORKS, udpPortOf } from '../networks.js';
import type { RuleContext } from '../rule.js';
import { underlayOf } from '../underlay.js';
import { judge } from '../verdicts/index.js';
import { reversePath } from '../verdicts/kernel.js';
import { priceOf } from './prices.js';
import { collision, livingPool, poolBeside, poolCollisions } from './ranges.js';
import {
  askedTitle,
  carriedTitle,
  limitsOfMode,
  limitsOfTakeOver,
  runsAsAsked,
  sameWay,
} from './same-network.js';
import { limitsToFlannel } from './to-flannel.js';
import type { NetworkChange, Way, WayId } from './way.js';

/** A change that is asked for. */
interface Change {
  readonly context: RuleContext;
  readonly current: InUse;
  readonly from: NetworkOption;
  readonly to: NetworkOption;
  readonly verdict: Verdict | undefined;
}

type Limits = Pick<Way, 'conditions' | 'forbidden'>;

/** What the target needs however one gets there. */
const limitsOfTarget = ({ verdict }: Change): Limits => {
  if (verdict === undefined) return { conditions: [], forbidden: [] };
  const { status, conditions, evidence } = verdict;
  if (status !== 'cannot') return { conditions: status === 'works' ? [] : conditions, forbidden: [] };
  const [first] = evidence;
  const fact = first?.fact ?? 'spec.network.cni';
  return { conditions: [], forbidden: conditions.map((text) => ({ fact, text })) };
};

/** Two tunnels on one UDP port of one host: the second device cannot be made. */
const onePort = ({ context, from, to }: Change): Evidence[] => {
  const port = udpPortOf(to, context.cluster);
  return port !== undefined && port === NETWORKS[from].udp
    ? [
        {
          fact: 'spec.network.cni.port',
          text: `${NETWORKS[from].title} and ${NETWORKS[to].title} both need UDP ${port} while they live side by side: set spec.network.cni.port`,
        },
      ]
    : [];
};

/** A device of the network that runs has the UDP port of the one that is asked for. */
const heldPort = (context: RuleContext, current: InUse, to: NetworkOption): Evidence[] => {
  const port = udpPortOf(to, context.cluster);
  const devices = driverOf(current.driver).encapsulations.map(({ device }) => device);
  const held = observe(context, 'links', (links): Look[] =>
    links
      .filter(({ name, vxlan }) => port !== undefined && vxlan?.port === port && devices.includes(name))
      .map(({ name }) => ({
        text: `${name} holds UDP ${port ?? 0}, which ${NETWORKS[to].title} needs`,
        at: name,
      })),
  );
  return held.slice(0, 1).map(({ fact, text }) => ({ fact, text }));
};

/** Provider routes follow the ranges of nodes; a second network needs a pool of its own beside them. */
const nodeRanges = ({ to, context }: Change): Evidence[] =>
  to === 'cilium-native' && context.cluster?.spec.network.provider?.routes === true
    ? [
        {
          fact: 'spec.network.provider.routes',
          text: 'routes of the provider follow the ranges of nodes, and a second network needs a pool of its own',
        },
      ]
    : [];

/** The range of the new network; a network that is there already has one. */
const poolOf = ({ context, to }: Change): Cidr | undefined => {
  const network = context.cluster?.spec.network;
  const [driver] = driversOf(NETWORKS[to].cni);
  return network === undefined || driver === undefined
    ? undefined
    : poolBeside(network, driver.signs.agents, context.facts.kubernetes);
};

/** What pods of the new network would take away from others, with both ranges. */
const collisionsOf = ({ context, current }: Change, pool: Cidr | undefined): readonly Evidence[] => {
  const network = context.cluster?.spec.network;
  if (network === undefined || pool === undefined) return [];
  const { title, signs } = driverOf(current.driver);
  const living = livingPool(signs.agents, context.facts.kubernetes);
  return [
    ...poolCollisions(pool, network, context.facts.kubernetes),
    ...collision(pool, `the pool of ${title},`, living, 'kubernetes.workloads'),
  ];
};

/** While both carry packets, neither may send more than the other passes. */
const lowerMtu = ({ context, from, to }: Change): Limits => {
  const underlay = underlayOf(context);
  if (underlay === undefined) return { conditions: [], forbidden: [] };
  const most = underlay.mtu - Math.max(NETWORKS[from].overhead, NETWORKS[to].overhead);
  const asked = context.cluster?.spec.network.cni.mtu;
  if (asked === undefined || asked <= most)
    return { conditions: [`pods send at most ${most} bytes while both networks live`], forbidden: [] };
  const text = `spec.network.cni.mtu is ${asked}, and while both networks live pods can send ${most} bytes (${underlay.evidence.text})`;
  return { conditions: [], forbidden: [{ fact: underlay.evidence.fact, text }] };
};

const sideBySide = (change: Change): Limits => {
  const pool = poolOf(change);
  const strict = reversePath(change.context);
  const mtu = lowerMtu(change);
  return {
    conditions: [
      ...(pool === undefined ? [] : [`the new network takes ${formatCidr(pool)}`]),
      ...(strict.outcome === 'if' ? [strict.text] : []),
      ...mtu.conditions,
    ],
    forbidden: [...onePort(change), ...nodeRanges(change), ...collisionsOf(change, pool), ...mtu.forbidden],
  };
};

const inPlace = (change: Change): Limits => {
  const pool = poolOf(change);
  if (pool === undefined) return { conditions: [], forbidden: [] };
  return {
    conditions: [
      `the new network takes ${formatCidr(pool)}: blocks inside ranges of nodes would cut pods off`,
    ],
    forbidden: [...collisionsOf(change, pool)],
  };
};

const TITLES: Readonly<Record<WayId, string>> = {
  'node-by-node': 'node by node: both networks live until the last node has changed',
  'in-place': 'in place: all nodes at once, in a window',
  backend: 'another back end of the same network: all servers at once, then the agents',
  mode: 'another mode of the same network: its agents are told, nothing else moves',
  'take-over': 'the same network by another installer: ranges, device and port stay',
  rebuild: 'a new cluster beside this one, and moving in',
};

/** Back to Flannel: its tunnel has one port, and what stands on it is there until the last node has moved. */
const toFlannel = (change: Change): Limits => {
  const { context, current, to } = change;
  const { conditions, forbidden } = limitsToFlannel(context, current);
  const strict = reversePath(context);
  return {
    conditions: [...conditions, ...(strict.outcome === 'if' ? [strict.text] : [])],
    forbidden: [...heldPort(context, current, to), ...forbidden],
  };
};

const isFlannel = ({ to }: Change): boolean => NETWORKS[to].cni === 'flannel';

const LIMITS: Readonly<Record<WayId, (change: Change) => Limits>> = {
  'node-by-node': (change) => (isFlannel(change) ? toFlannel(change) : sideBySide(change)),
  'in-place': (change) => (isFlannel(change) ? toFlannel(change) : inPlace(change)),
  backend: () => ({ conditions: [], forbidden: [] }),
  mode: limitsOfMode,
  'take-over': limitsOfTakeOver,
  rebuild: () => ({ conditions: [], forbidden: [] }),
};

const wayOf = (id: WayId, change: Change): Way => {
  const own = LIMITS[id](change);
  const target = limitsOfTarget(change);
  return {
    id,
    title: TITLES[id],
    price: priceOf(id, change.from, change.to),
    conditions: [...new Set([...own.conditions, ...target.conditions])],
    forbidden: [...target.forbidden, ...own.forbidden],
  };
};

/** Rebuilding is offered where nothing else is left; a target that cannot work here is not reached by it either. */
const waysOf = (change: Change): Way[] => {
  const ids: WayId[] =
    change.current.cni === NETWORKS[change.to].cni ? [sameWay(change)] : ['node-by-node', 'in-place'];
  const ways = ids.map((id) => wayOf(id, change));
  return ways.every(({ forbidden }) => forbidden.length > 0) && change.verdict?.status !== 'cannot'
    ? [...ways, wayOf('rebuild', change)]
    : ways;
};

/** The network that shall go: of two at work, one of them asked for, it is the other. Undefined = nobody can tell. */
const leaving = (used: readonly InUse[], to: NetworkOption): InUse | undefined => {
  const others = used.filter(({ cni }) => cni !== NETWORKS[to].cni);
  return others.length > 1 ? undefined : (others[0] ?? used[0]);
};

/**
 * The ways from the network that runs to the one that the spec asks for. Two networks at work, one of them the asked one,
 * are a change in progress, whoever began it. Undefined when they are the same, when none runs, or others that nobody
 * asked for, and when it cannot be told. Pure.
 */
export const networkChange = (context: RuleContext): NetworkChange | undefined => {
  const { used, unseen } = networksInUse(members(context), context.facts.kubernetes);
  const to = askedOption(context.cluster);
  const current = to === undefined ? undefined : leaving(used, to);
  if (current === undefined || unseen.length > 0 || to === undefined) return undefined;
  const mode = current.mode ?? driverOf(current.driver).encapsulations[0]?.mode;
  const from = NETWORK_OPTIONS.find((option) => option === `${current.cni}-${mode ?? ''}`);
  if (from === undefined) return undefined;
  const same = { context, current, from, to };
  if (current.cni === NETWORKS[to].cni && (current.mode === undefined || runsAsAsked(same))) return undefined;
  const verdicts = judge(context);
  const verdict = verdicts.find(({ option }) => option === to);
  const former = verdicts.find(({ option }) => option === from)?.status;
  const broken = former === 'cannot' || former === 'works-if' ? { broken: true as const } : {};
  const change: Change = { context, current, from, to, verdict };
  const begun = used.length > 1 ? { begun: true as const } : {};
  return {
    from: carriedTitle(from, current.carriage),
    to: askedTitle(same),
    ...begun,
    ...broken,
    ways: waysOf(change),
  };
};
