/** One registered member of an etcd cluster, reachable or not. */
export interface EtcdMember {
  readonly name: string;
  readonly learner: boolean;
  readonly healthy: boolean;
}

export type QuorumAnswer =
  | { readonly kind: 'safe' }
  /** One or two voters: any disruption interrupts the cluster; a person must have agreed. */
  | { readonly kind: 'needs-consent'; readonly why: string }
  | { readonly kind: 'refused'; readonly why: string };

const voters = (members: readonly EtcdMember[]): readonly EtcdMember[] =>
  members.filter(({ learner }) => !learner);

/** Voters that must be healthy for the cluster to take writes: ⌊voters/2⌋+1 over all *registered* voters. */
export const quorumOf = (members: readonly EtcdMember[]): number =>
  Math.floor(voters(members).length / 2) + 1;

/**
 * Invariant 7: may `leaving` become unavailable for a while? A learner blocks everything but its own removal.
 */
export const mayDisrupt = (
  members: readonly EtcdMember[],
  leaving: string,
  intent: 'restart' | 'remove-learner' = 'restart',
): QuorumAnswer => {
  const learner = members.find((member) => member.learner);
  if (learner !== undefined && !(intent === 'remove-learner' && learner.name === leaving)) {
    return {
      kind: 'refused',
      why: `${learner.name} is still a learner of etcd; it must be promoted or removed first`,
    };
  }
  const all = voters(members);
  if (!all.some(({ name }) => name === leaving)) return { kind: 'safe' };
  if (all.length <= 2)
    return {
      kind: 'needs-consent',
      why: `etcd has ${all.length} voters: while ${leaving} is away it takes no writes`,
    };
  const remaining = all.filter(({ name, healthy }) => healthy && name !== leaving).length;
  const needed = quorumOf(members);
  if (remaining >= needed) return { kind: 'safe' };
  return {
    kind: 'refused',
    why: `without ${leaving} only ${remaining} of ${all.length} registered voters are healthy; ${needed} are needed`,
  };
};
