/* eslint-disable @typescript-eslint/require-await -- answers at once what a server answers later */
import { setTimeout as turn } from 'node:timers/promises';
import type {
  Kube,
  KubeFailure,
  KubeObject,
  KubePage,
  KubeRef,
  KubeResource,
} from '../../../src/core/ports/kube.js';
import { err, ok, type Result } from '../../../src/core/result.js';
import { servedKind } from './api/kinds.js';

const KINDS: readonly KubeResource[] = [
  servedKind('v1', 'Namespace', 'namespaces', false),
  servedKind('v1', 'ConfigMap', 'configmaps'),
  servedKind('v1', 'Secret', 'secrets'),
  servedKind('v1', 'Service', 'services'),
  servedKind('v1', 'ServiceAccount', 'serviceaccounts'),
  servedKind('v1', 'PersistentVolumeClaim', 'persistentvolumeclaims'),
  servedKind('v1', 'Pod', 'pods'),
  servedKind('v1', 'Endpoints', 'endpoints'),
  servedKind('apps/v1', 'Deployment', 'deployments'),
  servedKind('apps/v1', 'StatefulSet', 'statefulsets'),
  servedKind('batch/v1', 'Job', 'jobs'),
  servedKind('batch/v1', 'CronJob', 'cronjobs'),
  servedKind('networking.k8s.io/v1', 'Ingress', 'ingresses'),
  servedKind('networking.k8s.io/v1', 'IngressClass', 'ingressclasses', false),
  servedKind('networking.k8s.io/v1', 'NetworkPolicy', 'networkpolicies'),
  servedKind('storage.k8s.io/v1', 'StorageClass', 'storageclasses', false),
  servedKind('autoscaling/v2', 'HorizontalPodAutoscaler', 'horizontalpodautoscalers'),
  servedKind('rbac.authorization.k8s.io/v1', 'ClusterRole', 'clusterroles', false),
  servedKind('rbac.authorization.k8s.io/v1', 'RoleBinding', 'rolebindings'),
  servedKind('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'customresourcedefinitions', false),
  servedKind('example.com/v1', 'Widget', 'widgets'),
];

const failure = (kind: KubeFailure['kind'], status: number, message: string): KubeFailure => ({
  kind,
  status,
  message,
  causes: [],
});

type Call = { readonly verb: string; readonly ref: Partial<KubeRef>; readonly object?: KubeObject };

export interface FakeCluster {
  readonly kube: Kube;
  /** Objects by `plural.group/namespace/name`. */
  readonly objects: Map<string, KubeObject>;
  readonly put: (object: KubeObject) => KubeObject;
  /** Fails a call; undefined = go on. */
  failing: (call: Call) => KubeFailure | undefined;
  readonly calls: Call[];
  kinds: readonly KubeResource[];
}

/** A cluster in memory behind the Kube port: gives UIDs and versions as an API server does. */
export const fakeCluster = (name: string, uid = `uid-of-${name}`): FakeCluster => {
  const objects = new Map<string, KubeObject>();
  let version = 100;
  let made = 0;
  const keyOf = (
    at: Pick<KubeResource, 'group' | 'plural'>,
    namespace: string | undefined,
    object: string,
  ): string => `${at.plural}.${at.group}/${namespace ?? ''}/${object}`;
  const kindOf = (object: KubeObject): KubeResource => {
    const group = object.apiVersion.includes('/') ? object.apiVersion.split('/')[0] : '';
    const found = cluster.kinds.find((kind) => kind.kind === object.kind && kind.group === group);
    if (found === undefined) throw new Error(`no kind ${object.apiVersion} ${object.kind}`);
    return found;
  };
  const store = (object: KubeObject): KubeObject => {
    const kind = kindOf(object);
    const key = keyOf(kind, kind.namespaced ? object.metadata.namespace : undefined, object.metadata.name);
    const before = objects.get(key);
    version += 1;
    made += before === undefined ? 1 : 0;
    const stored = structuredClone({
      ...object,
      metadata: {
        ...object.metadata,
        uid: before?.metadata.uid ?? object.metadata.uid ?? `${name}-${made}`,
        resourceVersion: String(version),
        creationTimestamp: '2026-01-01T00:00:00Z',
      },
    });
    objects.set(key, stored);
    return stored;
  };
  const called = (call: Call): KubeFailure | undefined => {
    cluster.calls.push(call);
    return cluster.failing(call);
  };
  async function* list(
    at: KubeRef['resource'],
    options: { readonly namespace?: string; readonly pageSize?: number } = {},
  ): AsyncGenerator<Result<KubePage, KubeFailure>> {
    const refused = called({ verb: 'list', ref: { resource: at } });
    if (refused !== undefined) {
      yield err(refused);
      return;
    }
    const all = [...objects]
      .filter(([key]) => key.startsWith(`${at.plural}.${at.group}/${options.namespace ?? ''}`))
      .map(([, object]) => structuredClone(object));
    const size = options.pageSize ?? 500;
    for (let from = 0; from === 0 || from < all.length; from += size) {
      await turn(0);
      yield ok({ items: all.slice(from, from + size), resourceVersion: String(version) });
    }
  }
  const cluster: FakeCluster = {
    objects,
    put: store,
    failing: () => undefined,
    calls: [],
    kinds: KINDS,
    kube: {
      target: { server: `https://${name}.example:6443`, context: name },
      version: async () => ok({ gitVersion: 'v1.34.2+k3s1' }),
      discover: async () => ok(cluster.kinds),
      get: async (ref) => {
        const refused = called({ verb: 'get', ref });
        if (refused !== undefined) return err(refused);
        const found = objects.get(keyOf(ref.resource, ref.namespace, ref.name));
        return found === undefined
          ? err(failure('not-found', 404, `${ref.name} not found`))
          : ok(structuredClone(found));
      },
      list,
      apply: async (ref, object, options) => {
        const refused = called({ verb: options.dryRun === true ? 'dry-run' : 'apply', ref, object });
        if (refused !== undefined) return err(refused);
        if (
          ref.namespace !== undefined &&
          !objects.has(keyOf({ group: '', plural: 'namespaces' }, undefined, ref.namespace))
        )
          return err(failure('not-found', 404, `namespaces "${ref.namespace}" not found`));
        return ok(options.dryRun === true ? object : store(object));
      },
      create: async (ref, object, options = {}) => {
        const refused = called({ verb: options.dryRun === true ? 'dry-run' : 'create', ref, object });
        if (refused !== undefined) return err(refused);
        if (objects.has(keyOf(ref.resource, ref.namespace, object.metadata.name)))
          return err(failure('already-exists', 409, `${object.metadata.name} already exists`));
        return ok(options.dryRun === true ? object : store(object));
      },
      patch: async (ref, patch) => {
        const refused = called({ verb: 'patch', ref });
        if (refused !== undefined) return err(refused);
        const found = objects.get(keyOf(ref.resource, ref.namespace, ref.name));
        if (found === undefined) return err(failure('not-found', 404, `${ref.name} not found`));
        return ok(store({ ...found, ...(patch as object) }));
      },
      delete: async (ref, options = {}) => {
        const refused = called({ verb: 'delete', ref });
        if (refused !== undefined) return err(refused);
        const key = keyOf(ref.resource, ref.namespace, ref.name);
        const found = objects.get(key);
        if (found === undefined) return err(failure('not-found', 404, `${ref.name} not found`));
        if (options.uid !== undefined && options.uid !== found.metadata.uid)
          return err(failure('conflict', 409, 'the UID does not match'));
        objects.delete(key);
        return ok(undefined);
      },
      watch: () => {
        throw new Error('not watched in these tests');
      },
      exec: () => {
        throw new Error('nothing is executed in these tests');
      },
      logs: async () => ok(''),
      portForward: () => {
        throw new Error('nothing is forwarded in these tests');
      },
      raw: async (path) =>
        path === '/apis'
          ? ok(
              JSON.stringify({
                groups: [...new Set(cluster.kinds.map(({ group }) => group))]
                  .filter((group) => group !== '')
                  .map((group) => ({ name: group })),
              }),
            )
          : ok('ok'),
      close: () => undefined,
    },
  };
  store({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'kube-system', uid } });
  store({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default' } });
  return cluster;
};
