import { carry } from '../../../src/bundle/carry/carry.js';
import { type ClusterIdentity, identify } from '../../../src/bundle/identity.js';
import { assessTarget } from '../../../src/bundle/target/assess.js';
import type { Assessment, Treatment } from '../../../src/bundle/target/model.js';
import { surveyTarget } from '../../../src/bundle/target/survey.js';
import type { DroverError } from '../../../src/core/error.js';
import type { ImageRegistry } from '../../../src/core/ports/image-registry.js';
import type { KubeObject } from '../../../src/core/ports/kube.js';
import type { Result } from '../../../src/core/result.js';
import { type Transform, transformSchema } from '../../../src/spec/schema/transforms.js';
import type { ApiServer } from '../support/api/server.js';

/** A node with room for what tests carry. */
export const roomyNode: KubeObject = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'roomy' },
  status: { allocatable: { cpu: '64', memory: '256Gi', pods: '500' } },
};

export interface AskOptions {
  readonly existing?: Treatment['existing'];
  readonly transforms?: readonly object[];
  readonly source?: string;
  /** What registries answer; default: nobody knows. */
  readonly registry?: ImageRegistry['ask'];
}

const offline: ImageRegistry['ask'] = () => Promise.resolve({ kind: 'unknown', detail: 'offline' });

/** Judges objects against a target as a plan does. */
export const ask = async (
  server: ApiServer,
  objects: readonly KubeObject[],
  { existing = 'fail', transforms = [], source = 'v1.34.2', registry = offline }: AskOptions = {},
): Promise<Result<Assessment, DroverError>> => {
  const access = {
    kube: server.kube,
    signal: new AbortController().signal,
    concurrency: 8,
    registry: { ask: registry },
    persist: <T>(request: () => T): T => request(),
  };
  const identity = await identify(server.kube, undefined);
  if (!identity.ok) return identity;
  const carried = carry({
    objects: objects.map((object, index) => ({ object, uid: `source-${index}` })),
    inputs: [],
    transforms: transforms.map((each): Transform => transformSchema.parse(each)),
    defaults: [],
  });
  const view = await surveyTarget(access, identity.value, carried.objects);
  if (!view.ok) return view;
  return assessTarget({
    access,
    carried,
    view: view.value,
    source: { version: source } satisfies Pick<ClusterIdentity, 'version'>,
    treatment: {
      existing,
      prepare: (object) => object,
      isComputed: ({ kind, metadata }) => kind === 'ServiceAccount' && metadata.name === 'default',
    },
    progress: () => undefined,
  });
};

/** Verdicts by key, and findings in one line each; images that nobody checked are left out. */
export const told = async (
  server: ApiServer,
  objects: readonly KubeObject[],
  options: AskOptions = {},
): Promise<{ readonly verdicts: Record<string, string>; readonly findings: readonly string[] }> => {
  const asked = await ask(server, objects, options);
  if (!asked.ok) throw new Error(asked.error.message);
  return {
    verdicts: Object.fromEntries(asked.value.objects.map(({ key, verdict }) => [key, verdict])),
    findings: asked.value.findings
      .filter(({ code }) => code !== 'target-images-unknown')
      .map(({ code, severity, object, message }) =>
        [severity, code, object, message].filter(Boolean).join(' | '),
      ),
  };
};
