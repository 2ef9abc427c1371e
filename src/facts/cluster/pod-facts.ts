import { z } from 'zod';
import { addressesIn } from '../../core/addresses-in.js';
import type { KubeObject } from '../../core/ports/kube.js';
import type { ClusterFacts } from './cluster-facts.js';

const containerSchema = z.object({
  command: z.array(z.string()).default([]),
  args: z.array(z.string()).default([]),
  env: z.array(z.object({ value: z.string().optional() })).default([]),
});

const podSchema = z.object({
  spec: z
    .object({
      hostNetwork: z.boolean().default(false),
      containers: z.array(containerSchema).default([]),
      initContainers: z.array(containerSchema).default([]),
      hostAliases: z.array(z.object({ ip: z.string().default('') })).default([]),
    })
    .prefault({}),
  status: z.object({ phase: z.string().default('') }).prefault({}),
});

/** What matters of one pod when all are recreated. */
export interface PodSeen {
  readonly name: string;
  readonly bare: boolean;
  readonly onHost: boolean;
  /** What has made it; its pods go and come together. */
  readonly owner: string | undefined;
  /** IPv4 addresses that stand in its own settings. */
  readonly literals: readonly string[];
}

type PodSpec = z.infer<typeof podSchema>['spec'];

/** Nothing else of these settings is kept: they may hold secrets. */
const literalsOf = ({ containers, initContainers, hostAliases }: PodSpec): readonly string[] => {
  const texts = [...containers, ...initContainers].flatMap(({ command, args, env }) => [
    ...command,
    ...args,
    ...env.flatMap(({ value }) => value ?? []),
  ]);
  return addressesIn([...texts, ...hostAliases.map(({ ip }) => ip)].join('\n'));
};

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
    literals: literalsOf(spec),
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
    moving: moving.map(({ name }) => name).sort(),
    literals: seen
      .flatMap(({ name, literals }) => literals.map((address) => ({ name, address })))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
    onHost: seen.length - moving.length,
  };
};
