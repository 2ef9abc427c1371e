import { err, ok, type Result } from '../../core/result.js';
import { count, sentence } from '../../core/text.js';
import type { Change } from '../change.js';
import { cordon } from '../cordon.js';
import type { StepFailure } from '../failure.js';
import { failureOfKube } from '../kube-failure.js';
import { notHeld } from '../outcome.js';
import { type ApplyContext, defineStep } from '../step.js';
import { drainPods, namesOf, podsOn } from './drain-pods.js';

const NODES = { group: '', version: 'v1', plural: 'nodes' } as const;

type Params = {
  readonly node: string;
  /** Patience with pods that must go. */
  readonly limitSeconds: number;
  /** The volumes go with the node: the plan named them, and somebody agreed. */
  readonly dataAgreed?: boolean;
};

/** Seconds that pods of a leaving node get to move. */
export const DRAIN_SECONDS = 300;

type State = {
  readonly present: boolean;
  readonly cordoned: boolean;
  /** Volumes whose only copy lies on the node. */
  readonly volumes: readonly string[];
};

const dataHere = (node: string, volumes: readonly string[]): StepFailure => ({
  class: 'person',
  code: 'k3s-data-on-node',
  host: node,
  message: `${node} has the only copy of ${count(volumes.length, 'volume')}: ${sentence(volumes)}`,
  cause: 'local volumes do not move with their pods',
});

const bareHere = (node: string, pods: string): StepFailure => ({
  class: 'person',
  code: 'k3s-bare-pods',
  host: node,
  message: `${node} has pods that nobody would make again elsewhere: ${pods}`,
  cause: 'no controller owns them, so that an eviction would end them for ever',
});

/** Bare pods are somebody's to decide about, and that is asked before anything is touched. */
const refuseBare = async (context: ApplyContext, node: string): Promise<Result<void, StepFailure>> => {
  const kube = await context.kube();
  if (!kube.ok) return kube;
  const pods = await podsOn(kube.value, node, context.signal);
  if (!pods.ok) return pods;
  const bare = pods.value.filter((pod) => pod.bare && !pod.ending);
  return bare.length === 0 ? ok(undefined) : err(bareHere(node, namesOf(bare)));
};

/**
 * Takes new pods away from a node that leaves, then moves those that are there, as disruption budgets allow. A node
 * with the only copy of data, or with pods that would not come back, is not touched.
 */
export const k3sDrain = defineStep<Params, State>({
  id: 'k3s.drain',
  title: ({ node }) => `Drain ${node}, which leaves the cluster`,
  scope: 'cluster',
  reads: ['cluster'],
  risk: 'medium',
  replay: 'converges',
  undo: { kind: 'inverse' },
  expected: { seconds: 30, interruption: 'its pods start again on other nodes' },
  timeoutMs: 900_000,
  retry: 'transient',
  disruptive: false,
  observe: ({ cluster }, _subject, { node }) => {
    if (cluster === undefined) return undefined;
    const found = cluster.nodes.find(({ name }) => name === node);
    return {
      present: found !== undefined,
      cordoned: found?.unschedulable ?? false,
      volumes: cluster.volumes
        .filter((volume) => volume.node === node)
        .map(({ name, claim }) => claim ?? name),
    };
  },
  diff: (state, { node, dataAgreed = false }) => {
    if (state === undefined) return [{ kind: 'unknown', what: `node ${node}`, after: 'drained' }];
    if (!state.present) return [];
    const fate = dataAgreed ? 'it goes with the node' : 'nothing is done before it is copied or deleted';
    const warnings = state.volumes.map(
      (volume): Change => ({ kind: 'warn', what: `the only copy of volume ${volume} is there: ${fate}` }),
    );
    return [...warnings, { kind: 'run', what: `node ${node}`, after: 'cordoned, its pods moved' }];
  },
  apply: async (context, { node, limitSeconds, dataAgreed = false }, state) => {
    const volumes = dataAgreed ? [] : (state?.volumes ?? []);
    if (volumes.length > 0) return err(dataHere(node, volumes));
    const movable = await refuseBare(context, node);
    if (!movable.ok) return movable;
    const cordoned = state?.cordoned === true ? ok(undefined) : await cordon(context, node, true);
    if (!cordoned.ok) return cordoned;
    const kube = await context.kube();
    if (!kube.ok) return kube;
    const { signal, progress } = context;
    const drained = await drainPods(kube.value, { node, limitMs: limitSeconds * 1000, signal, progress });
    return drained.ok ? ok({}) : drained;
  },
  verify: async (context, { node }) => {
    const kube = await context.kube();
    if (!kube.ok) return kube;
    const found = await kube.value.get({ resource: NODES, name: node }, { signal: context.signal });
    if (!found.ok)
      return found.error.kind === 'not-found'
        ? ok({ text: `${node} is gone` })
        : err(failureOfKube(found.error, `cannot look at ${node}`));
    const cordoned = (found.value['spec'] as { readonly unschedulable?: boolean }).unschedulable === true;
    if (!cordoned) return notHeld(node, 'it takes new pods');
    const left = await podsOn(kube.value, node, context.signal);
    if (!left.ok) return left;
    return left.value.length === 0
      ? ok({ text: `${node} is cordoned and empty` })
      : notHeld(node, 'it still has pods', namesOf(left.value));
  },
  revert: (context, { node }, before) =>
    before?.cordoned === true ? Promise.resolve(ok(undefined)) : cordon(context, node, false),
});
