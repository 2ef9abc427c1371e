import type { Clock } from '../../core/ports/clock.js';
import type { Kube, KubeFailure, KubeObject, KubeRef } from '../../core/ports/kube.js';
import { err, ok, type Result } from '../../core/result.js';
import { ownerOfDefinition } from '../cni/cluster-signs.js';
import type { ClusterFacts } from './cluster-facts.js';
import { nodeFacts } from './node-facts.js';
import {
  budgetFacts,
  classFacts,
  daemonSetFacts,
  deploymentFacts,
  localFolder,
  readyEndpoints,
  serviceAddress,
  volumeFacts,
} from './object-facts.js';
import { podFacts, podSeen } from './pod-facts.js';

type Resource = KubeRef['resource'];

const NAMESPACES: Resource = { group: '', version: 'v1', plural: 'namespaces' };
const CONFIG_MAPS: Resource = { group: '', version: 'v1', plural: 'configmaps' };
const SERVICES: Resource = { group: '', version: 'v1', plural: 'services' };
const NODES: Resource = { group: '', version: 'v1', plural: 'nodes' };
const VOLUMES: Resource = { group: '', version: 'v1', plural: 'persistentvolumes' };
const DEPLOYMENTS: Resource = { group: 'apps', version: 'v1', plural: 'deployments' };
const DAEMON_SETS: Resource = { group: 'apps', version: 'v1', plural: 'daemonsets' };
const CLASSES: Resource = { group: 'storage.k8s.io', version: 'v1', plural: 'storageclasses' };
const BUDGETS: Resource = { group: 'policy', version: 'v1', plural: 'poddisruptionbudgets' };
const PODS: Resource = { group: '', version: 'v1', plural: 'pods' };
const POLICIES: Resource = { group: 'networking.k8s.io', version: 'v1', plural: 'networkpolicies' };
const SLICES: Resource = { group: 'discovery.k8s.io', version: 'v1', plural: 'endpointslices' };

/** Parts of monitoring by the label of their object sets. DaemonSets are read of all namespaces. */
const MONITORING =
  'drover.dev/set in (monitoring.prometheus,monitoring.grafana,monitoring.kube-state-metrics)';

const DAY_MS = 86_400_000;

/** What reading a cluster needs of its API. */
export type ClusterReads = Pick<Kube, 'target' | 'version' | 'get' | 'list' | 'discover'>;

export interface ClusterSource {
  readonly kube: ClusterReads;
  readonly clock: Pick<Clock, 'now'>;
  readonly signal: AbortSignal;
  /** Ends of certificates, ISO 8601, by what they prove. */
  readonly certificates?: () => Promise<readonly { readonly name: string; readonly notAfter: string }[]>;
}

interface Reading {
  readonly source: ClusterSource;
  readonly missing: { what: string; detail: string }[];
}

const listAll = async (
  { source: { kube, signal } }: Reading,
  resource: Resource,
  where: { readonly namespace?: string; readonly labelSelector?: string },
): Promise<Result<readonly KubeObject[], KubeFailure>> => {
  const items: KubeObject[] = [];
  for await (const page of kube.list(resource, { ...where, signal, timeoutMs: 15_000 })) {
    if (!page.ok) return page;
    items.push(...page.value.items);
  }
  return ok(items);
};

/** Objects of one kind, in the order of their names; what cannot be read is noted, the rest is still told. */
const readAll = async <T>(
  reading: Reading,
  resource: Resource,
  read: (object: KubeObject) => T,
  where: { readonly namespace?: string; readonly labelSelector?: string } = {},
): Promise<T[]> => {
  const found = await listAll(reading, resource, where);
  if (found.ok) return found.value.map(read);
  reading.missing.push({ what: resource.plural, detail: found.error.message });
  return [];
};

/** What the cluster itself consists of, and what watches it. */
const ownDeployments = async (reading: Reading): Promise<ClusterFacts['workloads']> => {
  const parts = [{ namespace: 'kube-system' }, { labelSelector: MONITORING }];
  const read = await Promise.all(parts.map((where) => readAll(reading, DEPLOYMENTS, deploymentFacts, where)));
  return read.flat();
};

const dnsFacts = async (reading: Reading): Promise<ClusterFacts['dns']> => {
  const { kube, signal } = reading.source;
  const ref = { resource: SERVICES, namespace: 'kube-system', name: 'kube-dns' };
  const [service, slices] = await Promise.all([
    kube.get(ref, { signal, timeoutMs: 15_000 }),
    listAll(reading, SLICES, {
      namespace: 'kube-system',
      labelSelector: 'kubernetes.io/service-name=kube-dns',
    }),
  ]);
  if (!service.ok && service.error.kind === 'not-found') return undefined;
  const failure = service.ok ? (slices.ok ? undefined : slices.error) : service.error;
  if (failure !== undefined) reading.missing.push({ what: 'dns', detail: failure.message });
  if (!service.ok || !slices.ok) return undefined;
  return { address: serviceAddress(service.value), ready: readyEndpoints(slices.value) };
};

/** Pods as a change of network concerns them. */
const allPodFacts = async (reading: Reading): Promise<ClusterFacts['pods']> => {
  const found = await listAll(reading, PODS, {});
  if (found.ok) return podFacts(found.value.flatMap((pod) => podSeen(pod) ?? []));
  reading.missing.push({ what: PODS.plural, detail: found.error.message });
  return undefined;
};

const policyFacts = async (reading: Reading): Promise<ClusterFacts['policies']> => {
  const found = await listAll(reading, POLICIES, {});
  if (found.ok)
    return found.value.map(({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name}`).sort();
  reading.missing.push({ what: POLICIES.plural, detail: found.error.message });
  return undefined;
};

/** Absent where K3s' provisioner is not in use, which is no gap. */
const folderFacts = async ({ source: { kube, signal } }: Reading): Promise<string | undefined> => {
  const ref = { resource: CONFIG_MAPS, namespace: 'kube-system', name: 'local-path-config' };
  const config = await kube.get(ref, { signal, timeoutMs: 15_000 });
  return config.ok ? localFolder(config.value) : undefined;
};

const certificateFacts = async ({ source }: Reading): Promise<ClusterFacts['certificates']> => {
  const found = (await source.certificates?.()) ?? [];
  return found.map(({ name, notAfter }) => ({
    name,
    notAfter,
    daysLeft: Math.floor((Date.parse(notAfter) - source.clock.now()) / DAY_MS),
  }));
};

/** Names of definitions, by the kinds that are served: their own texts are megabytes. */
const definitionFacts = async ({ source: { kube, signal }, missing }: Reading): Promise<string[]> => {
  const served = await kube.discover({ signal, timeoutMs: 15_000 });
  if (!served.ok) missing.push({ what: 'customresourcedefinitions', detail: served.error.message });
  const names = served.ok ? served.value.map(({ plural, group }) => `${plural}.${group}`) : [];
  return [...new Set(names)].filter((name) => ownerOfDefinition(name) !== undefined).sort();
};

/**
 * Reads what a cluster's API tells: read-only, all kinds at once. Fails only when the cluster itself cannot be
 * identified; single kinds that may not be read are named in `missing`.
 */
export const collectCluster = async (source: ClusterSource): Promise<Result<ClusterFacts, KubeFailure>> => {
  const { kube, signal, clock } = source;
  const reading: Reading = { source, missing: [] };
  const limits = { signal, timeoutMs: 15_000 };
  const [version, system] = await Promise.all([
    kube.version(limits),
    kube.get({ resource: NAMESPACES, name: 'kube-system' }, limits),
  ]);
  if (!version.ok) return version;
  if (!system.ok) return err(system.error);
  const [pods, policies] = [allPodFacts(reading), policyFacts(reading)];
  const [nodes, deployments, daemonSets, classes, volumes, budgets, dns, folder, certificates, definitions] =
    await Promise.all([
      readAll(reading, NODES, nodeFacts),
      ownDeployments(reading),
      readAll(reading, DAEMON_SETS, daemonSetFacts),
      readAll(reading, CLASSES, classFacts),
      readAll(reading, VOLUMES, volumeFacts),
      readAll(reading, BUDGETS, budgetFacts),
      dnsFacts(reading),
      folderFacts(reading),
      certificateFacts(reading),
      definitionFacts(reading),
    ]);
  const [living, saved] = await Promise.all([pods, policies]);
  return ok({
    at: new Date(clock.now()).toISOString(),
    uid: system.value.metadata.uid ?? '',
    server: kube.target.server,
    version: version.value.gitVersion,
    nodes,
    workloads: [...deployments, ...daemonSets],
    ...(dns === undefined ? {} : { dns }),
    classes,
    volumes,
    ...(folder === undefined ? {} : { localFolder: folder }),
    budgets,
    ...(living === undefined ? {} : { pods: living }),
    ...(saved === undefined ? {} : { policies: saved }),
    ...(definitions.length === 0 ? {} : { networkDefinitions: definitions }),
    certificates,
    missing: reading.missing,
  });
};
