import { readFileSync } from 'node:fs';
import type { KubeObject } from '../../../src/core/ports/kube.js';
import type { Cluster } from '../../../src/spec/cluster.js';
import type { AppsInput } from '../../../src/steps/apps/input.js';
import type { ObjectSet } from '../../../src/steps/sets/object-set.js';
import { clusterOf } from '../../diagnosis/fixtures/cluster.js';
import { load } from '../../spec/rig.js';

const outcome = await load(readFileSync('examples/keybuzz/drover.yaml', 'utf8'), {
  tsv: readFileSync('examples/keybuzz/servers.tsv', 'utf8'),
});
if (!outcome.ok) throw new Error(JSON.stringify(outcome.error));

/** The example as users get it. */
export const keybuzz: Cluster = outcome.value;

const NODES = [
  { name: 'demo-1', podRange: '10.42.0.0/24' },
  { name: 'demo-2', podRange: '10.42.1.0/24' },
];

export const inputOf = (spec: Record<string, unknown>, more: Partial<AppsInput> = {}): AppsInput => ({
  cluster: clusterOf({ hosts: 2, servers: 1 }, { spec }),
  nodes: NODES,
  ...more,
});

/** An application with nothing but what it must have. */
export const app = (name: string, more: Record<string, unknown> = {}): Record<string, unknown> => ({
  name,
  namespace: 'shop',
  image: `registry.example/${name}:1.0.0`,
  ...more,
});

export const named = (sets: readonly ObjectSet[], name: string): ObjectSet => {
  const found = sets.find((set) => set.name === name);
  if (found === undefined) throw new Error(`no set ${name} among ${sets.map((set) => set.name).join(', ')}`);
  return found;
};

export const kindOf = (set: ObjectSet, kind: string): readonly KubeObject[] =>
  set.objects.filter((object) => object.kind === kind);
