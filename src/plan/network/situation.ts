import type { CniMode, CniName, DriverId } from '../../facts/cni/driver.js';
import { driverAsked } from '../../facts/cni/drivers.js';
import type { InUse } from '../../facts/cni/in-use.js';
import type { Cluster } from '../../spec/cluster.js';
import { carriageOf, modeOf } from '../../spec/cni.js';
import { recipes } from '../../steps/cni/recipes.js';
import type { World } from '../../steps/step.js';
import { inUseBy } from '../clean-goals.js';
import { isReleased, runningNetwork } from './running.js';

/** The network that the spec asks for, and what puts it there. */
export interface Asked {
  readonly cni: CniName;
  readonly driver: DriverId;
  readonly mode: CniMode;
  /** How it carries packets in full: `vxlan/cross-subnet`. */
  readonly carriage: string;
}

/** Where a cluster stands between the network that runs and the one that the spec asks for. */
export type Situation =
  /** What is asked runs, or nobody asks. */
  | { readonly kind: 'settled'; readonly asked: Asked | undefined }
  /** No network runs, on a cluster that lives or that is not there yet. */
  | { readonly kind: 'none'; readonly asked: Asked }
  /** Flannel runs inside K3s, and the spec says that somebody else brings a network. */
  | { readonly kind: 'off'; readonly from: InUse }
  /** The same network carries packets another way, or is half-way there. */
  | { readonly kind: 'mode'; readonly asked: Asked; readonly from: InUse }
  /** Flannel runs inside K3s, and shall run as a DaemonSet, with the same ranges, device and port. */
  | { readonly kind: 'installer'; readonly asked: Asked; readonly from: InUse }
  /** Another network runs; `begun`: the asked one is at work as well. */
  | { readonly kind: 'other'; readonly asked: Asked; readonly from: InUse; readonly begun: boolean }
  /** Hosts were not seen, or networks run that nobody asked for: nothing may be concluded. */
  | { readonly kind: 'unclear'; readonly hosts: readonly string[]; readonly used: readonly InUse[] };

/** Undefined = the spec brings no network, or one that Drover cannot put there. */
export const askedOf = (cluster: Cluster): Asked | undefined => {
  const { network } = cluster.spec;
  const driver = driverAsked(network);
  const made = driver?.id === 'flannel-k3s' || (driver !== undefined && recipes[driver.id] !== undefined);
  if (!made) return undefined;
  const mode = modeOf(network);
  return { cni: driver.cni, driver: driver.id, mode, carriage: carriageOf(mode, network.cni.options) };
};

const sameNetwork = (cluster: Cluster, world: World, asked: Asked, running: InUse): Situation => {
  if (asked.driver === 'flannel-daemonset' && !isReleased(cluster, world))
    return { kind: 'installer', asked, from: running };
  const told = running.driver === asked.driver ? running.carriage : undefined;
  if (told === undefined ? running.mode === asked.mode : told === asked.carriage)
    return { kind: 'settled', asked };
  // Devices alone may not tell the mode; for Flannel the settings of all servers and nodes do.
  const known = told !== undefined || running.mode !== undefined || asked.cni === 'flannel';
  const lives = runningNetwork(cluster, world) !== undefined;
  return known && lives ? { kind: 'mode', asked, from: running } : { kind: 'settled', asked };
};

/** Only Flannel inside K3s is switched off: what somebody else has installed is theirs. */
const withoutNetwork = (cluster: Cluster, world: World): Situation => {
  const [from] = inUseBy(cluster, world).used;
  const running = runningNetwork(cluster, world)?.backend ?? 'none';
  return cluster.spec.network.cni.name === 'none' && from?.driver === 'flannel-k3s' && running !== 'none'
    ? { kind: 'off', from }
    : { kind: 'settled', asked: undefined };
};

/** Pure. */
export const situationOf = (cluster: Cluster, world: World): Situation => {
  const asked = askedOf(cluster);
  if (asked === undefined) return withoutNetwork(cluster, world);
  const { used, unseen } = inUseBy(cluster, world);
  const others = used.filter(({ cni }) => cni !== asked.cni);
  const same = used.find(({ cni }) => cni === asked.cni);
  const [from, third] = others;
  if (from === undefined && same === undefined) return { kind: 'none', asked };
  if (unseen.length > 0 || third !== undefined) return { kind: 'unclear', hosts: unseen, used };
  if (from !== undefined) return { kind: 'other', asked, from, begun: same !== undefined };
  return same === undefined ? { kind: 'none', asked } : sameNetwork(cluster, world, asked, same);
};
