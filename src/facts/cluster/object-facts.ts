import { z } from 'zod';
import type { KubeObject } from '../../core/ports/kube.js';
import type { ClusterFacts } from './cluster-facts.js';

const numberSchema = z.number().int().default(0);

const rawWorkloadSchema = z.object({
  spec: z.object({ replicas: z.number().int().default(1) }).prefault({}),
  status: z
    .object({
      availableReplicas: numberSchema,
      desiredNumberScheduled: numberSchema,
      numberReady: numberSchema,
    })
    .prefault({}),
});

export const deploymentFacts = ({ metadata, ...rest }: KubeObject): ClusterFacts['workloads'][number] => {
  const { spec, status } = rawWorkloadSchema.parse(rest);
  const { name, namespace = '' } = metadata;
  const managers = (metadata['managedFields'] ?? []) as readonly { readonly manager?: string }[];
  const packaged = managers.some(({ manager = '' }) => manager.startsWith('deploy@'));
  return {
    kind: 'Deployment',
    namespace,
    name,
    wanted: spec.replicas,
    ready: status.availableReplicas,
    ...(packaged ? { packaged } : {}),
  };
};

/** Stands on objects of cluster networks that Drover has put there: a network that runs keeps its range. */
export const POOL_ANNOTATION = 'drover.dev/pool';

/** Stands on the agents of networks that Drover has put there: how they are told to carry packets. */
export const CARRIAGE_ANNOTATION = 'drover.dev/carriage';

export const daemonSetFacts = ({ metadata, ...rest }: KubeObject): ClusterFacts['workloads'][number] => {
  const { status } = rawWorkloadSchema.parse(rest);
  const { name, namespace = '' } = metadata;
  const pool = metadata.annotations?.[POOL_ANNOTATION];
  const carriage = metadata.annotations?.[CARRIAGE_ANNOTATION];
  return {
    kind: 'DaemonSet',
    namespace,
    name,
    wanted: status.desiredNumberScheduled,
    ready: status.numberReady,
    ...(pool === undefined ? {} : { pool }),
    ...(carriage === undefined ? {} : { carriage }),
  };
};

const folderMapSchema = z.object({
  data: z.object({ 'config.json': z.string() }),
});

/** Where the provisioner of local volumes makes them on hosts that its configuration does not name. */
export const localFolder = (config: KubeObject): string | undefined => {
  const raw = folderMapSchema.safeParse(config);
  const [, path] = /"DEFAULT_PATH_FOR_NON_LISTED_NODES"\s*,\s*"paths"\s*:\s*\[\s*"([^"]+)"/.exec(
    raw.data?.data['config.json'] ?? '',
  ) ?? [undefined, undefined];
  return path;
};

const DEFAULT_CLASS = 'storageclass.kubernetes.io/is-default-class';

export const classFacts = ({ metadata, provisioner }: KubeObject): ClusterFacts['classes'][number] => ({
  name: metadata.name,
  provisioner: typeof provisioner === 'string' ? provisioner : '',
  default: metadata.annotations?.[DEFAULT_CLASS] === 'true',
});

const folderSchema = z.object({ path: z.string() }).optional();

const rawVolumeSchema = z.object({
  spec: z.object({
    capacity: z.object({ storage: z.string() }).prefault({ storage: '' }),
    persistentVolumeReclaimPolicy: z.string().default('Retain'),
    claimRef: z.object({ namespace: z.string(), name: z.string() }).optional(),
    local: folderSchema,
    hostPath: folderSchema,
    nodeAffinity: z
      .object({
        required: z.object({
          nodeSelectorTerms: z.array(
            z.object({
              matchExpressions: z
                .array(z.object({ key: z.string(), values: z.array(z.string()).default([]) }))
                .default([]),
            }),
          ),
        }),
      })
      .optional(),
  }),
});

type RawVolume = z.infer<typeof rawVolumeSchema>['spec'];

const nodeOf = ({ nodeAffinity }: RawVolume): string | undefined =>
  nodeAffinity?.required.nodeSelectorTerms
    .flatMap(({ matchExpressions }) => matchExpressions)
    .find(({ key }) => key === 'kubernetes.io/hostname')?.values[0];

export const volumeFacts = (volume: KubeObject): ClusterFacts['volumes'][number] => {
  const { spec } = rawVolumeSchema.parse(volume);
  const { claimRef } = spec;
  const node = nodeOf(spec);
  const path = (spec.local ?? spec.hostPath)?.path;
  return {
    name: volume.metadata.name,
    ...(node === undefined ? {} : { node }),
    ...(path === undefined ? {} : { path }),
    ...(claimRef === undefined ? {} : { claim: `${claimRef.namespace}/${claimRef.name}` }),
    capacity: spec.capacity.storage,
    reclaim: spec.persistentVolumeReclaimPolicy,
  };
};

const rawBudgetSchema = z.object({
  status: z
    .object({
      disruptionsAllowed: numberSchema,
      currentHealthy: numberSchema,
      desiredHealthy: numberSchema,
      expectedPods: numberSchema,
    })
    .prefault({}),
});

export const budgetFacts = (budget: KubeObject): ClusterFacts['budgets'][number] => {
  const { status } = rawBudgetSchema.parse(budget);
  return {
    namespace: budget.metadata.namespace ?? '',
    name: budget.metadata.name,
    allowed: status.disruptionsAllowed,
    healthy: status.currentHealthy,
    desired: status.desiredHealthy,
    expected: status.expectedPods,
  };
};

const rawSliceSchema = z.object({
  endpoints: z
    .array(z.object({ conditions: z.object({ ready: z.boolean().default(true) }).prefault({}) }))
    .nullish(),
});

/** Addresses that are ready in the slices of one Service. */
export const readyEndpoints = (slices: readonly KubeObject[]): number =>
  slices
    .flatMap((slice) => rawSliceSchema.parse(slice).endpoints ?? [])
    .filter(({ conditions }) => conditions.ready).length;

const rawServiceSchema = z.object({ spec: z.object({ clusterIP: z.string().default('') }).prefault({}) });

export const serviceAddress = (service: KubeObject): string => rawServiceSchema.parse(service).spec.clusterIP;
