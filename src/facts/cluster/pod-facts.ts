import { z } from 'zod';
import type { KubeObject } from '../../core/ports/kube.js';
import type { ClusterFacts } from './cluster-facts.js';

const podSchema = z.object({
  spec: z.object({ hostNetwork: z.boolean().default(false) }).prefault({}),
  status: z.object({ phase: z.string().default('') }).prefault({}),
});

/** What matters of one pod when all are recreated. */
export interface PodSeen {
  readonly name: string;
  readonly bare: boolean;
  readonly onHost: boolean;
  /** What has made it; its pods go and come together. */
  readonly owner: string | undefined;
}

const OVER = ['Succeeded', 'Failed'];

/** Undefined = it has ended and concerns nobody. */
export const podSeen = ({ metadata, ...rest }: KubeObject): PodSeen | undefined => {
  const { spec, status } = podSchema.parse(rest);
  if (OVER.includes(status.phase)) return undefined;
  const owners = (metadata['ownerReferences'] ?? []) as readonly {
    readonly kind: string;
    readonly uid: string;
  }[];
  // Static pods belong to their node.
  const [owner] = owners;
  return {
    name: `${metadata.namespace ?? ''}/${metadata.name}`,
    bare: owner === undefined,
    onHost: spec.hostNetwork,
    owner: owner === undefined || owner.kind === 'DaemonSet' || owner.kind === 'Job' ? undefined : owner.uid,
  };
};

/** Pods without an owner, pods that are alone, and how many use the network of their host. */
export const podFacts = (seen: readonly PodSeen[]): NonNullable<ClusterFacts['pods']> => {
  const moving = seen.filter(({ onHost }) => !onHost);
  const replicas = new Map<string, number>();
  for (const { owner } of moving)
    if (owner !== undefined) replicas.set(owner, (replicas.get(owner) ?? 0) + 1);
  return {
    bare: moving
      .filter(({ bare }) => bare)
      .map(({ name }) => name)
      .sort(),
    single: moving
      .filter(({ owner }) => owner !== undefined && replicas.get(owner) === 1)
      .map(({ name }) => name)
      .sort(),
    onHost: seen.length - moving.length,
  };
};
