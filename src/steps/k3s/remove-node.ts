import { err, ok, type Result } from '../../core/result.js';
import { joinSignals } from '../../core/signals.js';
import type { Change } from '../change.js';
import type { StepFailure } from '../failure.js';
import { failureOfKube } from '../kube-failure.js';
import { notHeld } from '../outcome.js';
import { type ApplyContext, defineStep } from '../step.js';

const NODES = { group: '', version: 'v1', plural: 'nodes' } as const;

/** K3s takes the member out of etcd before the object vanishes; without a leader that waits for an election. */
const GONE_MS = 120_000;

type Params = {
  readonly node: string;
  readonly uid: string;
  readonly server: boolean;
  readonly address: string;
};
type State = { readonly present: boolean; readonly uid: string };

/** Waits until the object is gone: K3s holds it back until etcd's member list is without the node. */
const untilGone = async (
  context: ApplyContext,
  { node, uid }: Params,
): Promise<Result<void, StepFailure>> => {
  const kube = await context.kube();
  if (!kube.ok) return kube;
  const limit = joinSignals([context.signal], GONE_MS);
  const options = { fieldSelector: `metadata.name=${node}`, signal: limit.signal };
  try {
    for await (const event of kube.value.watch(NODES, options)) {
      if (!event.ok) return err(failureOfKube(event.error, `cannot see whether ${node} is gone`));
      const { value } = event;
      // A host whose K3s still runs registers anew: that is another node.
      const seen = value.type === 'RELISTED' ? value.items : [value.object];
      if (value.type === 'DELETED' || !seen.some(({ metadata }) => metadata.uid === uid))
        return ok(undefined);
    }
  } finally {
    limit.release();
  }
  return err({
    class: 'transient',
    code: 'k3s-member-stays',
    host: node,
    message: `${node} is still a member after ${GONE_MS / 1000} s`,
    cause: 'its node object is being deleted and has not gone',
  });
};

/** Takes a node out of the cluster for ever: its object, and with it its member of etcd. */
export const k3sRemoveNode = defineStep<Params, State>({
  id: 'k3s.remove-node',
  title: ({ node, server }) =>
    server ? `Take ${node} out of the cluster and out of etcd` : `Take ${node} out of the cluster`,
  scope: 'cluster',
  reads: ['cluster'],
  risk: 'high',
  replay: 'exact',
  undo: { kind: 'irreversible', reason: 'the node can only join again as a new one' },
  expected: { seconds: 5 },
  timeoutMs: 180_000,
  retry: 'transient',
  disruptive: true,
  observe: ({ cluster }, _subject, { node }) => {
    if (cluster === undefined) return undefined;
    const found = cluster.nodes.find(({ name }) => name === node);
    return { present: found !== undefined, uid: found?.uid ?? '' };
  },
  diff: (state, { node, uid, server }): readonly Change[] => {
    if (state === undefined) return [{ kind: 'unknown', what: `node ${node}` }];
    // Another node of the same name has come since: that one is wanted.
    if (!state.present || state.uid !== uid) return [];
    return [
      { kind: 'remove', what: `node ${node}` },
      ...(server ? [{ kind: 'remove' as const, what: `etcd member of ${node}` }] : []),
    ];
  },
  apply: async (context, params) => {
    const { node, uid } = params;
    const kube = await context.kube();
    if (!kube.ok) return kube;
    const { signal } = context;
    const done = await kube.value.delete({ resource: NODES, name: node }, { uid, signal });
    if (!done.ok && done.error.kind !== 'not-found')
      return err(failureOfKube(done.error, `cannot delete the node ${node}`));
    const gone = await untilGone(context, params);
    return gone.ok ? ok({}) : gone;
  },
  verify: async (context, { node, uid }) => {
    const kube = await context.kube();
    if (!kube.ok) return kube;
    const found = await kube.value.get({ resource: NODES, name: node }, { signal: context.signal });
    if (found.ok && found.value.metadata.uid === uid) return notHeld(node, 'it is still in the cluster');
    if (!found.ok && found.error.kind !== 'not-found')
      return err(failureOfKube(found.error, `cannot look at ${node}`));
    return ok({ text: `${node} is no member any more` });
  },
});
