import { err, ok, type Result } from '../../core/result.js';
import type { NodeFacts, NodeTaint } from '../../facts/cluster/cluster-facts.js';
import { nodeFacts, OWNED } from '../../facts/cluster/node-facts.js';
import type { Change } from '../change.js';
import type { StepFailure } from '../failure.js';
import { failureOfKube } from '../kube-failure.js';
import { notHeld } from '../outcome.js';
import { quick } from '../quick.js';
import { type ApplyContext, defineStep } from '../step.js';

const NODES = { group: '', version: 'v1', plural: 'nodes' } as const;

/** Owner of the labels and taints that Drover writes; others' are never touched. */
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

/** What a node shall have: labels (null = none), all its taints, and what of both is Drover's. */
interface NodeGoal {
  readonly labels: Readonly<Record<string, string | null>>;
  readonly taints: readonly Taint[];
  readonly owned: NodeFacts['owned'];
}

const goalOf = (now: State, params: Params): NodeGoal => {
  const left = now.ownedLabels.filter((key) => !(key in params.labels));
  return {
    labels: { ...Object.fromEntries(left.map((key) => [key, null])), ...params.labels },
    taints: taintsAfter(now, params),
    owned: { labels: Object.keys(params.labels).sort(), taints: params.taints.map(idOf) },
  };
};

/** What Drover changed becomes what it was; what others have set on the node since stays. */
const formerGoal = (now: State, params: Params, before: State): NodeGoal => {
  const keys = new Set([...Object.keys(params.labels), ...before.ownedLabels]);
  const ids = new Set([...params.taints.map(idOf), ...before.ownedTaints]);
  return {
    labels: Object.fromEntries([...keys].map((key) => [key, before.labels[key] ?? null])),
    taints: [
      ...now.taints.filter((taint) => !ids.has(idOf(taint))),
      ...before.taints.filter((taint) => ids.has(idOf(taint))),
    ],
    owned: { labels: [...before.ownedLabels], taints: [...before.ownedTaints] },
  };
};

const patchOf = ({ labels, taints, owned }: NodeGoal, resourceVersion: string | undefined) => ({
  metadata: {
    resourceVersion,
    labels,
    annotations: { [OWNED]: owned.labels.length + owned.taints.length === 0 ? null : JSON.stringify(owned) },
  },
  spec: { taints: taints.map(({ value, ...rest }) => (value === '' ? rest : { ...rest, value })) },
});

const notThere = (node: string): StepFailure => ({
  class: 'transient',
  code: 'kube-not-found',
  host: node,
  message: `${node} is not seen in the cluster yet`,
});

/**
 * Labels, taints and the memory of whose they are, in one request: a run that is killed leaves all of it or nothing.
 * The version makes the API refuse when somebody changed the node in between: the list of taints is replaced whole.
 */
const write = async (
  { kube: open, signal }: ApplyContext,
  node: string,
  goal: (now: State) => NodeGoal,
): Promise<Result<void, StepFailure>> => {
  const kube = await open();
  if (!kube.ok) return kube;
  const ref = { resource: NODES, name: node };
  const found = await kube.value.get(ref, { signal });
  if (!found.ok) return err(failureOfKube(found.error, `cannot look at ${node}`));
  const patch = patchOf(goal(stateOf(nodeFacts(found.value))), found.value.metadata.resourceVersion);
  const done = await kube.value.patch(ref, patch, { type: 'merge', fieldManager: MANAGER, signal });
  return done.ok ? ok(undefined) : err(failureOfKube(done.error, `cannot label ${node}`));
};

/** Labels, taints and purpose of a node, as its host has them in the spec. What others set on the node stays. */
export const k3sNode = defineStep<Params, State>({
  id: 'k3s.node',
  title: ({ node }) => `Label ${node} as the spec says`,
  scope: 'cluster',
  reads: ['cluster'],
  risk: 'low',
  ...quick,
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
    // Before the host has joined there is nothing to label.
    if (state?.present !== true) return err(notThere(params.node));
    const done = await write(context, params.node, (now) => goalOf(now, params));
    return done.ok ? ok({}) : done;
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
  revert: async (context, params, before) =>
    before?.present === true
      ? write(context, params.node, (now) => formerGoal(now, params, before))
      : ok(undefined),
});
