import { err, ok } from '../../core/result.js';
import { failureOfKube } from '../kube-failure.js';
import { notHeld } from '../outcome.js';
import { defineStep } from '../step.js';
import { type DrillNode, putBack } from './back.js';
import { conditionOf, NODES } from './node.js';

/** Puts a node back that a drill took away. There is always something to do: whether it was away is not asked. */
export const drillStart = defineStep<DrillNode, null>({
  id: 'drill.start',
  title: () => 'Put the node back',
  scope: 'host',
  reads: [],
  risk: 'low',
  replay: 'converges',
  undo: { kind: 'restorePoint' },
  expected: { seconds: 20 },
  timeoutMs: 600_000,
  retry: 'transient',
  disruptive: false,
  observe: () => undefined,
  diff: (_state, { node }) => [{ kind: 'run', what: `node ${node}`, after: 'Ready' }],
  apply: async (context, params) => {
    const back = await putBack(context, params);
    return back.ok ? ok({}) : back;
  },
  verify: async (context, { node }) => {
    const kube = await context.kube();
    if (!kube.ok) return kube;
    const found = await kube.value.get({ resource: NODES, name: node }, { signal: context.signal });
    if (!found.ok) return err(failureOfKube(found.error, `cannot look at ${node}`));
    return conditionOf(found.value, 'Ready') === 'True'
      ? ok({ text: `${node} is Ready again` })
      : notHeld(node, 'it is not Ready');
  },
});
