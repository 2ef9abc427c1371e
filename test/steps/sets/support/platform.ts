import type { RunEvent } from '../../../../src/core/events/run.js';
import type { KubeObject } from '../../../../src/core/ports/kube.js';
import { bindStage } from '../../../../src/plan/bind.js';
import type { Plan } from '../../../../src/plan/model.js';
import { setStages, type WantedSet } from '../../../../src/plan/set-stage.js';
import { type ObjectSet, objectSet } from '../../../../src/steps/sets/object-set.js';
import { seeSets } from '../../../../src/steps/sets/see-sets.js';
import type { World } from '../../../../src/steps/step.js';
import { type ApiServer, apiServer } from '../../../bundle/support/api/server.js';
import { type Life, planWith, sourceOf } from '../../objects/support/bench.js';

const labels = { app: 'web' };

export const namespace: KubeObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };

export const definition: KubeObject = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { kind: 'Widget', plural: 'widgets' },
    versions: [{ name: 'v1', served: true }],
  },
};

export const widget: KubeObject = {
  apiVersion: 'example.com/v1',
  kind: 'Widget',
  metadata: { name: 'one', namespace: 'shop' },
  spec: { size: 3 },
};

export const settings = (mode: string, name = 'settings'): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'shop' },
  data: { mode },
});

export const web = (image: string): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop' },
  spec: {
    replicas: 2,
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { containers: [{ name: 'web', image }] } },
  },
});

export const shopSet = (...objects: readonly KubeObject[]): ObjectSet =>
  objectSet('application/shop/web', objects);

/** An API whose Deployments are ready at once, unless told otherwise. */
export const cluster = (): ApiServer => {
  const server = apiServer('b');
  server.settled = (made) =>
    made.kind === 'Deployment'
      ? {
          ...made,
          status: { observedGeneration: 99, replicas: 2, updatedReplicas: 2, availableReplicas: 2 },
        }
      : made;
  return server;
};

/** The world as a plan sees it. */
export const worldWith = async (server: ApiServer, sets: readonly ObjectSet[]): Promise<World> => {
  const signal = new AbortController().signal;
  const seen = await seeSets({ kube: server.kube, signal }, sets, 'all');
  if (!seen.ok) throw new Error(seen.error.message);
  return { hosts: new Map(), sets: new Map(seen.value.map((set) => [set.name, set])) };
};

/** The plan that makes the cluster have these sets and no others. */
export const planFor = async (server: ApiServer, wanted: readonly WantedSet[]): Promise<Plan> => {
  const world = await worldWith(
    server,
    wanted.map(({ set }) => set),
  );
  const [stage] = setStages(wanted, world);
  return planWith(stage === undefined ? [] : bindStage(stage, world).actions);
};

/** A life of the run that applies these sets. */
export const lifeOf = async (
  server: ApiServer,
  sets: readonly ObjectSet[],
  journal: RunEvent[] = [],
): Promise<Life> => ({
  server,
  sets,
  journal,
  source: sourceOf([]),
  plan: await planFor(
    server,
    sets.map((set) => ({ set, readyMs: 120_000 })),
  ),
});
