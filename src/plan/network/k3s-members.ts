import { digest } from '../../core/canonical.js';
import { type Cluster, isMember } from '../../spec/cluster.js';
import { k3sConfig } from '../../steps/k3s/config.js';
import { type NetworkMember } from '../../steps/k3s/network.js';
import { k3sAgent, k3sServer } from '../../steps/k3s/service.js';
import { type K3sNetwork, networkKeys, renderSettings } from '../../steps/k3s/settings.js';
import type { Service } from '../../steps/k3s/start.js';
import type { K3sRole } from '../../steps/k3s/unit.js';
import type { World } from '../../steps/step.js';
import { type K3sGoalsInput, k3sGoals } from '../k3s-goals.js';
import { isBuiltByDrover } from './running.js';

/** What the goals of a build are made from; absent = the binary is none of the plan's business. */
export type BuildInput = Omit<K3sGoalsInput, 'cluster' | 'world' | 'network' | 'prepared'>;

export interface MembersInput {
  /** With the network that shall be there in the end. */
  readonly cluster: Cluster;
  readonly world: World;
  readonly build: BuildInput;
  /** The plan is about the network alone: nothing before it has prepared the hosts for another one. */
  readonly only?: 'network' | undefined;
}

/** A cluster of somebody else's keeps its settings: Drover's file there says nothing but what concerns the network. */
const strangers = ({ cluster }: MembersInput, network: K3sNetwork): NetworkMember[] =>
  cluster.hosts.filter(isMember).map(({ name, role }) => ({
    role: role as K3sRole,
    node: name,
    stamp: digest(['network', network]),
    settings: role === 'server' ? renderSettings(networkKeys(network)) : null,
  }));

/** Every member as the goals of a build want it, with another word about the network. */
const own = ({ cluster, world, build }: MembersInput, network: K3sNetwork): NetworkMember[] => {
  const goals = k3sGoals({ cluster, world, ...build, network, prepared: () => [] });
  const settings = new Map(
    goals.filter(({ step }) => step === k3sConfig).map(({ host, params }) => [host, params]),
  );
  return goals
    .filter(({ step }) => step === k3sServer || step === k3sAgent)
    .map(({ host, params }) => ({
      ...(params as Service),
      settings: (settings.get(host) as { readonly settings: string }).settings,
    }));
};

/** The members of the cluster, servers first, as they shall run when K3s does this about the network. Pure. */
export const networkMembers = (input: MembersInput, network: K3sNetwork): readonly NetworkMember[] => {
  const members = input.cluster.hosts.filter(isMember);
  const isOwn = members.some(({ name }) => isBuiltByDrover(input.world.hosts.get(name)));
  const all = isOwn ? own(input, network) : strangers(input, network);
  return [...all].sort((a, b) => Number(b.role === 'server') - Number(a.role === 'server'));
};
