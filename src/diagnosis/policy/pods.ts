import { CONTAINER_GROUPS, POD_SPECS } from '../../bundle/references/pod-template.js';
import type { KubeObject } from '../../core/ports/kube.js';
import { type Path, valueAt } from '../../spec/path.js';

/** Kinds whose pods end by themselves: nobody sends them requests. */
export const RUNS_TO_END: readonly string[] = ['Job', 'CronJob'];

export interface PodSpec {
  readonly path: Path;
  readonly spec: Readonly<Record<string, unknown>>;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The pods of an object; undefined when it makes none. */
export const podSpecOf = (object: KubeObject): PodSpec | undefined => {
  const path = POD_SPECS[object.kind];
  const spec = path === undefined ? undefined : valueAt(object, path);
  return path !== undefined && isRecord(spec) ? { path, spec } : undefined;
};

export interface Container {
  readonly path: Path;
  readonly name: string;
  /** Runs beside the others; false for those that prepare and end, and for people's debugging ones. */
  readonly main: boolean;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** All containers of an object's pods, those that prepare included. */
export const containersOf = (object: KubeObject): readonly Container[] => {
  const pod = podSpecOf(object);
  if (pod === undefined) return [];
  return CONTAINER_GROUPS.flatMap((list) => {
    const containers: unknown = pod.spec[list];
    if (!Array.isArray(containers)) return [];
    return containers.filter(isRecord).map((fields, index) => ({
      path: [...pod.path, list, index],
      name: typeof fields['name'] === 'string' ? fields['name'] : `${index}`,
      main: list === 'containers',
      fields,
    }));
  });
};
