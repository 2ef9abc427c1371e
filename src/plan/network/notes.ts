import { cidrHasAddress } from '../../core/cidr.js';
import { count, sentence } from '../../core/text.js';
import type { WayId } from '../../diagnosis/change/way.js';
import type { ClusterFacts } from '../../facts/cluster/cluster-facts.js';
import type { Cluster } from '../../spec/cluster.js';
import { overheadOf } from '../../spec/cni.js';
import type { World } from '../../steps/step.js';
import { keepNetwork } from '../keep-network.js';

const SHOWN = 6;

const note = (names: readonly string[], text: (names: string) => string): readonly string[] =>
  names.length === 0 ? [] : [text(sentence([...names].sort(), SHOWN))];

type Pods = NonNullable<ClusterFacts['pods']>;

/** Pods that start again: what is lost with that, and who counts on what will have changed. */
const recreated = (cluster: Cluster, { bare, single, literals = [], onHost }: Pods): readonly string[] => [
  ...note(bare, (names) => `bare pods: ${names}; saved and made again`),
  ...note(single, (names) => `one replica alone: ${names}; away while its pod starts again`),
  ...note(
    literals
      .filter(({ address }) => cidrHasAddress(cluster.spec.network.pods, address))
      .map(({ name, address }) => `${name} (${address})`),
    (names) =>
      `pods with addresses of pods in their settings: ${names}; pods get other addresses, and nobody changes these`,
  ),
  ...(onHost === 0 ? [] : [`${count(onHost, 'pod')} with the network of the host: they stay as they are`]),
];

/** Pods that live on: their packets were made for the header that goes. */
const kept = (cluster: Cluster, world: World, { moving = [] }: Pods): readonly string[] => {
  const smaller = overheadOf(keepNetwork(cluster, world).spec.network) - overheadOf(cluster.spec.network);
  return smaller <= 0
    ? []
    : note(
        moving,
        (names) =>
          `packets of pods that run now stay ${smaller} bytes smaller than those of new ones until they are recreated, which hurts nobody: ${names}`,
      );
};

/** What a change of network means for what runs in this cluster; what nobody looked at is not told. Pure. */
export const changeNotes = (cluster: Cluster, world: World, way: WayId): readonly string[] => {
  const facts = world.cluster;
  if (facts === undefined) return [];
  const { pods, policies = [], budgets } = facts;
  if (way !== 'node-by-node' && way !== 'in-place')
    return pods === undefined ? [] : kept(cluster, world, pods);
  const guarded = budgets
    .filter(({ allowed, expected }) => allowed === 0 && expected > 0)
    .map(({ namespace, name }) => `${namespace}/${name}`);
  return [
    ...note(
      guarded,
      (names) => `disruption budgets that allow no eviction now: ${names}; their pods are waited for`,
    ),
    ...note(
      policies,
      (names) => `NetworkPolicies: ${names}; saved, and not enforced while two networks are there`,
    ),
    ...(pods === undefined ? [] : recreated(cluster, pods)),
  ];
};
