import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { KubeObject } from '../../src/core/ports/kube.js';
import type { WantedSet } from '../../src/plan/set-stage.js';

/** A chart in a folder, and the release that is made of it. */
export interface Release {
  readonly name: string;
  readonly namespace: string;
  readonly folder: string;
}

/** Helm must not take what stands in an object for a template. */
const asTemplate = (object: KubeObject): string => stringify(object).replaceAll('{{', '{{ "{{" }}');

const writeChart = (folder: string, objects: readonly KubeObject[]): void => {
  mkdirSync(join(folder, 'templates'), { recursive: true });
  writeFileSync(join(folder, 'Chart.yaml'), stringify({ apiVersion: 'v2', name: 'set', version: '1.0.0' }));
  writeFileSync(join(folder, 'templates', 'objects.yaml'), objects.map(asTemplate).join('---\n'));
};

/** The Secrets that Drover delivers before a set; what is in them does not matter here. */
const secretsOf = ({ secrets = [] }: WantedSet): readonly KubeObject[] =>
  secrets.map(({ namespace, name, type, keys }) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { namespace, name },
    type,
    stringData: Object.fromEntries(keys.map((key) => [key, 'benchmark'])),
  }));

const keyOf = ({ kind, metadata: { namespace = '', name } }: KubeObject): string =>
  `${kind} ${namespace}/${name}`;

/** Sets in an order in which each comes behind what it needs. */
const inOrder = (sets: readonly WantedSet[]): readonly WantedSet[] => {
  const names = new Set(sets.map(({ set }) => set.name));
  const done: WantedSet[] = [];
  const isDone = (name: string): boolean => done.some(({ set }) => set.name === name) || !names.has(name);
  while (done.length < sets.length) {
    const next = sets.find((each) => !done.includes(each) && (each.after ?? []).every(isDone));
    if (next === undefined) throw new Error('the sets need each other');
    done.push(next);
  }
  return done;
};

/** A chart for each set, with the same objects, in the order of the needs; a Secret comes with the first that needs it. */
export const chartsOf = (sets: readonly WantedSet[], folder: string): readonly Release[] => {
  const given = new Set<string>();
  return inOrder(sets).map((wanted): Release => {
    const name = wanted.set.name.replaceAll('/', '-');
    const secrets = secretsOf(wanted).filter((secret) => !given.has(keyOf(secret)));
    for (const secret of secrets) given.add(keyOf(secret));
    writeChart(join(folder, name), [...wanted.set.objects, ...secrets]);
    return { name, namespace: 'default', folder: join(folder, name) };
  });
};

/** A chart of the project's own, as it is. */
export const ownChart = (source: string, namespace: string, folder: string): Release => {
  cpSync(source, join(folder, 'own'), { recursive: true });
  return { name: 'greeter', namespace, folder: join(folder, 'own') };
};
