import { describe, expect, it } from 'vitest';
import type { Kube, KubeObject, KubeRef } from '../../../src/core/ports/kube.js';
import { err, ok } from '../../../src/core/result.js';
import type { ClusterFacts } from '../../../src/facts/cluster/cluster-facts.js';
import { classFacts, deploymentFacts, localFolder } from '../../../src/facts/cluster/object-facts.js';
import { k3sAddons } from '../../../src/steps/k3s/addons.js';
import { type AddonsParams, PACKAGED } from '../../../src/steps/k3s/addons-state.js';
import type { ApplyContext, VerifyContext, World } from '../../../src/steps/step.js';
import { immediateClock } from '../../run/immediate-clock.js';

const ALL: AddonsParams = {
  enabled: { coredns: true, metricsServer: true, localPath: true },
  replicas: null,
  defaultClass: true,
  folder: null,
  network: true,
};

const DEFAULT = 'storageclass.kubernetes.io/is-default-class';

const deployment = (name: string, manager = 'deploy@server-1', availableReplicas = 1): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: 'kube-system', managedFields: [{ manager }] },
  spec: { replicas: 1 },
  status: { availableReplicas },
});

const localClass: KubeObject = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: 'local-path', annotations: { [DEFAULT]: 'true' } },
  provisioner: 'rancher.io/local-path',
};

const folders: KubeObject = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'local-path-config', namespace: 'kube-system' },
  data: {
    'config.json': JSON.stringify({
      nodePathMap: [{ node: 'DEFAULT_PATH_FOR_NON_LISTED_NODES', paths: ['/var/lib/rancher/k3s/storage'] }],
    }),
  },
};

/** As K3s makes them, all at work. */
const usual = (): KubeObject[] => [
  ...Object.values(PACKAGED).map((name) => deployment(name)),
  localClass,
  folders,
];

const merge = (target: unknown, patch: unknown): unknown => {
  if (typeof patch !== 'object' || patch === null) return patch;
  const base = (typeof target === 'object' && target !== null ? target : {}) as Record<string, unknown>;
  return Object.entries(patch).reduce(
    (all, [key, value]) => ({ ...all, [key]: merge(all[key], value) }),
    base,
  );
};

/** An API with these objects; `metrics` says whether a kubelet was asked already. */
const rig = (start: readonly KubeObject[], metrics = true) => {
  const objects = new Map(start.map((object) => [object.metadata.name, object]));
  const looks: (() => void)[] = [];
  const kube = {
    get: ({ name }: KubeRef) => {
      looks.shift()?.();
      const found = objects.get(name);
      const missing = { kind: 'not-found', message: 'not found', causes: [] } as const;
      return Promise.resolve(found === undefined ? err(missing) : ok(found));
    },
    patch: ({ name }: KubeRef, patch: unknown) => {
      const after = merge(objects.get(name), patch) as KubeObject;
      objects.set(name, after);
      return Promise.resolve(ok(after));
    },
    raw: () => Promise.resolve(ok(metrics ? '{"items":[{"usage":{"cpu":"1"}}]}' : '{"items":[]}')),
  } as unknown as Kube;
  const told: string[] = [];
  const context = {
    clock: immediateClock(),
    kube: () => Promise.resolve(ok(kube)),
    progress: (text: string) => told.push(text),
    signal: new AbortController().signal,
  } as unknown as ApplyContext & VerifyContext;
  const state = () => {
    const all = [...objects.values()];
    const folder = objects.has('local-path-config') ? localFolder(folders) : undefined;
    const config = objects.get('local-path-config');
    const cluster = {
      workloads: all.filter(({ kind }) => kind === 'Deployment').map(deploymentFacts),
      classes: all.filter(({ kind }) => kind === 'StorageClass').map(classFacts),
      ...(folder === undefined || config === undefined ? {} : { localFolder: localFolder(config) }),
    } as unknown as ClusterFacts;
    const world: World = { hosts: new Map(), cluster };
    return k3sAddons.observe(world, { hosts: [] }, ALL);
  };
  return {
    objects,
    looks,
    told,
    state,
    changes: (params: AddonsParams) => k3sAddons.diff(state(), params),
    apply: (params: AddonsParams) => k3sAddons.apply(context, params, state()),
    verify: (params: AddonsParams) => k3sAddons.verify(context, params),
    revert: (params: AddonsParams, before: ReturnType<typeof state>) =>
      k3sAddons.revert?.(context, params, before),
  };
};

const NONE = { ...ALL, enabled: { coredns: false, metricsServer: false, localPath: false } };
const OTHER = { ...ALL, replicas: 2, defaultClass: false, folder: '/data/volumes' };

describe('k3s.addons', () => {
  it('shows what comes before there is a cluster', () => {
    expect(k3sAddons.diff(undefined, { ...OTHER, defaultClass: true })).toEqual([
      { kind: 'add', what: 'coredns' },
      { kind: 'add', what: 'metrics-server' },
      { kind: 'add', what: 'local-path-provisioner' },
      { kind: 'change', what: 'replicas of coredns', after: '2' },
      { kind: 'change', what: 'folder of local volumes', after: '/data/volumes' },
    ]);
  });

  it('has nothing to do where K3s made them as the spec wants them', async () => {
    const { changes, verify } = rig(usual());
    expect(changes(ALL)).toEqual([]);
    expect(await verify(ALL)).toEqual(
      ok({ text: 'at work: coredns, metrics-server, local-path-provisioner' }),
    );
  });

  it('configures them, and brings the former configuration back', async () => {
    const { changes, apply, verify, revert, state, objects } = rig(usual());
    const before = state();
    expect(changes(OTHER)).toEqual([
      { kind: 'change', what: 'replicas of coredns', before: '1', after: '2' },
      { kind: 'change', what: 'class local-path', after: 'not default' },
      {
        kind: 'change',
        what: 'folder of local volumes',
        before: '/var/lib/rancher/k3s/storage',
        after: '/data/volumes',
      },
    ]);
    expect(await apply(OTHER)).toEqual(ok({}));
    expect(changes(OTHER)).toEqual([]);
    expect((await verify(OTHER)).ok).toBe(true);
    expect(await verify(ALL)).toMatchObject({
      ok: false,
      error: { cause: 'class local-path is not the default' },
    });
    expect(await revert(OTHER, before)).toEqual(ok(undefined));
    expect(state()).toEqual(before);
    expect(objects.get('local-path')?.metadata.annotations).toEqual({ [DEFAULT]: 'true' });
  });

  it('waits until they are there and at work, and tells for what', async () => {
    const { apply, objects, looks, told } = rig([]);
    const arrive = (...made: readonly KubeObject[]) => {
      for (const object of made) objects.set(object.metadata.name, object);
    };
    for (let at = 0; at < 8; at += 1) looks.push(() => undefined);
    looks.push(() => arrive(...usual(), deployment('coredns', 'deploy@server-1', 0)));
    for (let at = 0; at < 20; at += 1) looks.push(() => undefined);
    looks.push(() => arrive(deployment('coredns')));
    expect(await apply(ALL)).toEqual(ok({}));
    expect(told[0]).toBe('waiting: coredns is not there, metrics-server is not there and 2 more');
    expect(told.at(-1)).toBe('waiting: coredns has no pod that is ready');
  });

  it('does not call them proven without metrics, or without pods', async () => {
    const silent = rig(usual(), false);
    expect(await silent.apply(ALL)).toMatchObject({
      ok: false,
      error: { code: 'k3s-addons-not-ready', cause: 'the metrics of nodes are not served' },
    });
    const pending = rig([...usual(), deployment('metrics-server', 'deploy@server-1', 0)]);
    expect(await pending.verify(ALL)).toMatchObject({
      error: { cause: 'metrics-server has no pod that is ready' },
    });
  });

  it('asks for no pods where the network comes later', async () => {
    const start = [...usual(), ...Object.values(PACKAGED).map((name) => deployment(name, 'deploy@a', 0))];
    const { apply, verify } = rig(start, false);
    const later = { ...ALL, network: false };
    expect(await apply(later)).toEqual(ok({}));
    expect((await verify(later)).ok).toBe(true);
  });

  it('counts them absent only when K3s has removed them; what others deployed stays', async () => {
    const kept = rig(usual());
    expect(kept.changes(NONE).map(({ kind, what }) => `${kind} ${what}`)).toEqual([
      'remove coredns',
      'remove metrics-server',
      'remove local-path-provisioner',
    ]);
    expect(await kept.apply(NONE)).toMatchObject({
      ok: false,
      error: { cause: expect.stringContaining('coredns is still there') as string },
    });
    const own = rig([deployment('coredns', 'helm')]);
    expect(own.changes(NONE)).toEqual([]);
    expect(await own.verify(NONE)).toEqual(
      ok({ text: 'absent: coredns, metrics-server, local-path-provisioner' }),
    );
  });
});
