import { count, sentence } from '../../core/text.js';
import type { ClusterFacts } from '../../facts/cluster/cluster-facts.js';

const SHOWN = 6;

const note = (names: readonly string[], text: (names: string) => string): readonly string[] =>
  names.length === 0 ? [] : [text(sentence([...names].sort(), SHOWN))];

/** What a change of network means for what runs in this cluster; what nobody looked at is not told. Pure. */
export const changeNotes = (cluster: ClusterFacts | undefined): readonly string[] => {
  if (cluster === undefined) return [];
  const { pods, policies = [], budgets } = cluster;
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
    ...(pods === undefined
      ? []
      : [
          ...note(pods.bare, (names) => `bare pods: ${names}; saved and made again`),
          ...note(pods.single, (names) => `one replica alone: ${names}; away while its pod starts again`),
          ...(pods.onHost === 0
            ? []
            : [`${count(pods.onHost, 'pod')} with the network of the host: they stay as they are`]),
        ]),
  ];
};
