import type { KubeFailure, KubeObject, KubeRef } from '../../core/ports/kube.js';
import type { KubeReads } from '../kube-reads.js';
import { ADDON_IDS, type AddonId, type AddonsParams, LOCAL_CLASS, PACKAGED } from './addons-state.js';

const DEPLOYMENTS = { group: 'apps', version: 'v1', plural: 'deployments' } as const;
const CLASSES = { group: 'storage.k8s.io', version: 'v1', plural: 'storageclasses' } as const;
const CONFIG_MAPS = { group: '', version: 'v1', plural: 'configmaps' } as const;
export const DEFAULT_CLASS = 'storageclass.kubernetes.io/is-default-class';
/** Metrics of nodes, which exist only once metrics-server has asked a kubelet. */
const METRICS = '/apis/metrics.k8s.io/v1beta1/nodes';

export const deployment = (id: AddonId): KubeRef => ({
  resource: DEPLOYMENTS,
  namespace: 'kube-system',
  name: PACKAGED[id],
});
export const CLASS: KubeRef = { resource: CLASSES, name: LOCAL_CLASS };
export const FOLDERS: KubeRef = {
  resource: CONFIG_MAPS,
  namespace: 'kube-system',
  name: 'local-path-config',
};

interface Looked {
  readonly object: KubeObject | undefined;
  readonly failure?: KubeFailure;
}

const look = async (kube: KubeReads, ref: KubeRef, signal: AbortSignal): Promise<Looked> => {
  const got = await kube.get(ref, { signal, timeoutMs: 15_000 });
  if (got.ok) return { object: got.value };
  return got.error.kind === 'not-found' ? { object: undefined } : { object: undefined, failure: got.error };
};

/** K3s deploys what it brings along under a manager of this name; the same name of somebody else is not its own. */
const isPackaged = ({ metadata }: KubeObject): boolean =>
  ((metadata['managedFields'] ?? []) as readonly { readonly manager?: string }[]).some(({ manager = '' }) =>
    manager.startsWith('deploy@'),
  );

const available = (object: KubeObject): number =>
  ((object['status'] ?? {}) as { readonly availableReplicas?: number }).availableReplicas ?? 0;

const wanted = (object: KubeObject): number =>
  ((object['spec'] ?? {}) as { readonly replicas?: number }).replicas ?? 1;

/** What is wrong with one add-on that the spec wants. */
const lackOf = (id: AddonId, object: KubeObject | undefined, params: AddonsParams): string | undefined => {
  const name = PACKAGED[id];
  if (object === undefined) return `${name} is not there`;
  if (params.network && available(object) === 0) return `${name} has no pod that is ready`;
  const replicas = id === 'coredns' ? params.replicas : null;
  if (replicas === null || replicas === wanted(object)) return undefined;
  return `${name} shall have ${replicas} replicas, has ${wanted(object)}`;
};

const deployedMissing = async (
  kube: KubeReads,
  params: AddonsParams,
  signal: AbortSignal,
): Promise<string[]> => {
  const texts = ADDON_IDS.map(async (id) => {
    const { object, failure } = await look(kube, deployment(id), signal);
    if (failure !== undefined) return `${PACKAGED[id]}: ${failure.message}`;
    if (params.enabled[id]) return lackOf(id, object, params);
    return object !== undefined && isPackaged(object) ? `${PACKAGED[id]} is still there` : undefined;
  });
  return (await Promise.all(texts)).filter((text) => text !== undefined);
};

const metricsMissing = async (
  kube: KubeReads,
  { enabled, network }: AddonsParams,
  signal: AbortSignal,
): Promise<string[]> => {
  if (!enabled.metricsServer || !network) return [];
  const metrics = await kube.raw(METRICS, { signal, timeoutMs: 15_000 });
  return metrics.ok && metrics.value.includes('"usage"') ? [] : ['the metrics of nodes are not served'];
};

const classMissing = async (
  kube: KubeReads,
  { enabled, defaultClass }: Pick<AddonsParams, 'enabled'> & { readonly defaultClass?: boolean },
  signal: AbortSignal,
): Promise<string[]> => {
  if (!enabled.localPath) return [];
  const { object, failure } = await look(kube, CLASS, signal);
  if (failure !== undefined) return [`class ${LOCAL_CLASS}: ${failure.message}`];
  if (object === undefined) return [`class ${LOCAL_CLASS} is not there`];
  const isDefault = object.metadata.annotations?.[DEFAULT_CLASS] === 'true';
  if (defaultClass === undefined || isDefault === defaultClass) return [];
  return [`class ${LOCAL_CLASS} is ${isDefault ? '' : 'not '}the default`];
};

/** What K3s has not deployed or removed yet, in words. */
export const stillComing =
  ({ enabled }: AddonsParams, signal: AbortSignal) =>
  async (kube: KubeReads): Promise<string[]> => {
    const bare = { enabled, replicas: null, defaultClass: true, folder: null, network: false };
    return [
      ...(await deployedMissing(kube, bare, signal)),
      ...(await classMissing(kube, { enabled }, signal)),
    ];
  };

/** What is missing until everything is as wanted and at work, in words; empty = nothing. */
export const stillMissing =
  (params: AddonsParams, signal: AbortSignal) =>
  async (kube: KubeReads): Promise<string[]> =>
    (
      await Promise.all([
        deployedMissing(kube, params, signal),
        metricsMissing(kube, params, signal),
        classMissing(kube, params, signal),
      ])
    ).flat();
