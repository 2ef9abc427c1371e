import { idOf, idText, kindName } from '../../bundle/model/object-id.js';
import type { KubeObject, KubeRef } from '../../core/ports/kube.js';
import { ok, type Result } from '../../core/result.js';
import type { StepFailure } from '../failure.js';
import { awaitObjects, type Judge } from '../objects/gates/await-objects.js';
import { active, established } from '../objects/gates/judges.js';
import type { Writing } from './writing.js';

const LIMIT_MS = 120_000;

/** Kinds that others cannot be made without, and what must be true of them. */
const NEEDED: Readonly<Record<string, { readonly resource: KubeRef['resource']; readonly judge: Judge }>> = {
  Namespace: { resource: { group: '', version: 'v1', plural: 'namespaces' }, judge: active },
  'CustomResourceDefinition.apiextensions.k8s.io': {
    resource: { group: 'apiextensions.k8s.io', version: 'v1', plural: 'customresourcedefinitions' },
    judge: established,
  },
};

/** Whether others cannot be made before this one is usable. */
export const isNeeded = (object: KubeObject): boolean => kindName(idOf(object)) in NEEDED;

/** Waits until what was just written can be used by what comes next, and says whether new kinds are served. */
export const awaitUsable = async (
  { context, kube }: Pick<Writing, 'context' | 'kube'>,
  group: readonly KubeObject[],
): Promise<Result<'new kinds' | 'as before', StepFailure>> => {
  const names = new Set(group.map((object) => kindName(idOf(object))));
  for (const [kind, { resource, judge }] of Object.entries(NEEDED)) {
    const own = group.filter((object) => kindName(idOf(object)) === kind);
    if (own.length === 0) continue;
    const needs = new Map(own.map((object) => [object.metadata.name, { what: idText(idOf(object)), judge }]));
    const { clock, signal, progress } = context;
    const awaited = {
      resource,
      needOf: (object: KubeObject) => object.metadata.name,
      needs,
      limitMs: LIMIT_MS,
    };
    const there = await awaitObjects({ kube, clock, signal, progress }, awaited);
    if (!there.ok) return there;
  }
  return ok(names.has('CustomResourceDefinition.apiextensions.k8s.io') ? 'new kinds' : 'as before');
};
