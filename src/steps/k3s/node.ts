import { err, ok } from '../../core/result.js';
import type { NodeFacts, NodeTaint } from '../../facts/cluster/cluster-facts.js';
import { OWNED } from '../../facts/cluster/node-facts.js';
import type { Change } from '../change.js';
import type { StepFailure } from '../failure.js';
import { failureOfKube } from '../kube-failure.js';
import { notHeld } from '../outcome.js';
import { defineStep } from '../step.js';

const NODES = { group: '', version: 'v1', plural: 'nodes' } as const;

/** Owner of the labels that Drover applies; others' labels are never touched. */
const MANAGER = 'drover-node';

type Taint = { readonly key: string; readonly value: string; readonly effect: string };

type Params = {
  readonly node: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
};

type State = {
  readonly present: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
  readonly ownedLabels: readonly string[];
  readonly ownedTaints: readonly string[];
};

const ABSENT: State = { present: false, labels: {}, taints: [], ownedLabels: [], ownedTaints: [] };

const idOf = ({ key, effect }: Pick<Taint, 'key' | 'effect'>): string => `${key}:${effect}`;
const shown = ({ key, value, effect }: Taint): string => `${key}${value === '' ? '' : `=${value}`}:${effect}`;
const taintOf = ({ key, value = '', effect }: NodeTaint): Taint => ({ key, value, effect });

const stateOf = (node: NodeFacts): State => ({
  present: true,
  labels: node.labels,
  taints: node.taints.map(taintOf),
  ownedLabels: node.owned.labels,
  ownedTaints: node.owned.taints,
});

const changeOf = (what: string, before: string | undefined, after: string | undefined): Change[] => {
  if (before === after) return [];
  if (after === undefined) return [{ kind: 'remove', what }];
  return [before === undefined ? { kind: 'add', what, after } : { kind: 'change', what, before, after }];
};

const labelChanges = (state: State, { labels }: Params): Change[] => [
  ...Object.entries(labels).flatMap(([key, value]) => changeOf(`label ${key}`, state.labels[key], value)),
  ...state.ownedLabels
    .filter((key) => !(key in labels) && key in state.labels)
    .map((key): Change => ({ kind: 'remove', what: `label ${key}` })),
];

const taintChanges = (state: State, { taints }: Params): Change[] => {
  const before = new Map(state.taints.map((taint) => [idOf(taint), shown(taint)]));
  const wanted = new Set(taints.map(idOf));
  return [
    ...taints.flatMap((taint) => changeOf(`taint ${idOf(taint)}`, before.get(idOf(taint)), shown(taint))),
    ...state.ownedTaints
      .filter((id) => !wanted.has(id) && before.has(id))
      .map((id): Change => ({ kind: 'remove', what: `taint ${id}` })),
  ];
};

/** All taints of the node afterwards: others' stay, Drover's are those of the spec. */
export const taintsAfter = (state: State, { taints }: Params): Taint[] => {
  const replaced = new Set([...state.ownedTaints, ...taints.map(idOf)]);
  return [...state.taints.filter((taint) => !replaced.has(idOf(taint))), ...taints];
};

const notThere = (node: string): StepFailure => ({
  class: 'transient',
  code: 'kube-not-found',
  host: node,
  message: `${node} is not seen in the cluster yet`,
});

/** Labels, taints and purpose of a node, as its host has them in the spec. What others set on the node stays. */
export const k3sNode = defineStep<Params, State>({
  id: 'k3s.node',
  title: ({ node }) => `Label ${node} as the spec says`,
  scope: 'cluster',
  reads: ['cluster'],
  risk: 'low',
  replay: 'converges',
  undo: { kind: 'inverse' },
  expected: { seconds: 1 },
  timeoutMs: 60_000,
  retry: 'transient',
  disruptive: false,
  observe: ({ cluster }, _subject, { node }) => {
    if (cluster === undefined) return undefined;
    const found = cluster.nodes.find(({ name }) => name === node);
    return found === undefined ? ABSENT : stateOf(found);
  },
  diff: (state, params) => [
    ...labelChanges(state ?? ABSENT, params),
    ...taintChanges(state ?? ABSENT, params),
  ],
  apply: async (context, params, state) => {
    // Applying would make a node that does not exist, and taints of others are kept only when they were seen.
    if (state?.present !== true) return err(notThere(params.node));
    const kube = await context.kube();
    if (!kube.ok) return kube;
    const { node, labels, taints } = params;
    const owned = { labels: Object.keys(labels).sort(), taints: taints.map(idOf) };
    const metadata = { name: node, labels, annotations: { [OWNED]: JSON.stringify(owned) } };
    const options = { fieldManager: MANAGER, force: true, signal: context.signal };
    const ref = { resource: NODES, name: node };
    const applied = await kube.value.apply(ref, { apiVersion: 'v1', kind: 'Node', metadata }, options);
    if (!applied.ok) return err(failureOfKube(applied.error, `cannot label ${node}`));
    if (taintChanges(state, params).length === 0) return ok({});
    const spec = {
      taints: taintsAfter(state, params).map(({ value, ...rest }) =>
        value === '' ? rest : { ...rest, value },
      ),
    };
    // The version makes the API refuse when somebody changed the node in between: the list is replaced as a whole.
    const { resourceVersion } = applied.value.metadata;
    const patch = { metadata: { resourceVersion }, spec };
    const tainted = await kube.value.patch(ref, patch, {
      type: 'merge',
      fieldManager: MANAGER,
      signal: context.signal,
    });
    return tainted.ok ? ok({}) : err(failureOfKube(tainted.error, `cannot taint ${node}`));
  },
  verify: async (context, { node, labels, taints }) => {
    const kube = await context.kube();
    if (!kube.ok) return kube;
    const found = await kube.value.get({ resource: NODES, name: node }, { signal: context.signal });
    if (!found.ok) return err(failureOfKube(found.error, `cannot look at ${node}`));
    const missing = Object.entries(labels).filter(
      ([key, value]) => found.value.metadata.labels?.[key] !== value,
    );
    const spec = found.value['spec'] as { readonly taints?: readonly NodeTaint[] };
    const present = new Set((spec.taints ?? []).map((taint) => shown(taintOf(taint))));
    const lost = taints.filter((taint) => !present.has(shown(taint)));
    const left = [...missing.map(([key]) => key), ...lost.map(shown)];
    return left.length === 0
      ? ok({ text: `${node} has its labels and taints` })
      : notHeld(node, `not on the node: ${left.join(', ')}`);
  },
  revert: async (context, params, before) => {
    const kube = await context.kube();
    if (!kube.ok) return kube;
    if (before?.present !== true) return ok(undefined);
    const { labels, taints, ownedLabels, ownedTaints } = before;
    const changed = [...new Set([...Object.keys(params.labels), ...ownedLabels])];
    const annotation = JSON.stringify({ labels: ownedLabels, taints: ownedTaints });
    const metadata = {
      labels: Object.fromEntries(changed.map((key) => [key, labels[key] ?? null])),
      annotations: { [OWNED]: ownedLabels.length + ownedTaints.length === 0 ? null : annotation },
    };
    const patch = { metadata, spec: { taints } };
    const done = await kube.value.patch({ resource: NODES, name: params.node }, patch, {
      type: 'merge',
      fieldManager: MANAGER,
      signal: context.signal,
    });
    return done.ok ? ok(undefined) : err(failureOfKube(done.error, `cannot put back ${params.node}`));
  },
});
