import type { Kube } from '../../core/ports/kube.js';
import { err, ok, type Result } from '../../core/result.js';
import { count } from '../../core/text.js';
import type { StepFailure } from '../failure.js';
import { type ApplyContext, defineStep } from '../step.js';
import { bareStore } from './bare-pods.js';
import { listNetworkPods } from './network-pods.js';
import { recreatePods } from './recreate.js';

type Params = {
  readonly node: string;
  /** Patience with pods that must go and come back. */
  readonly limitSeconds: number;
};

/** The node is one of the cluster’s. A type alias is JSON, an interface is not. */
type State = { readonly known: boolean };

/** Of the pods that shall go, as they were when the action began: those that come in their place stay. */
type Memory = { readonly addresses: readonly string[] };

const before = async (
  context: ApplyContext,
  kube: Kube,
  node: string,
): Promise<Result<Memory, StepFailure>> => {
  if (context.resumed !== undefined) return ok(context.resumed as Memory);
  const pods = await listNetworkPods(kube, { node }, context.signal);
  if (!pods.ok) return pods;
  const addresses = pods.value.flatMap(({ address, ending, over }) =>
    address === undefined || ending || over ? [] : [address],
  );
  const memory = { addresses };
  await context.checkpoint(memory);
  return ok(memory);
};

/**
 * The control of a change of network: the pods of one node start again, and nothing else happens. What that costs is what every
 * restart costs; guards measure it, so that the price of the change can be compared.
 */
export const cniControl = defineStep<Params, State>({
  id: 'cni.control',
  title: ({ node }) => `Recreate the pods of ${node} with nothing changed, as the control`,
  scope: 'host',
  reads: ['cluster'],
  risk: 'low',
  replay: 'converges',
  undo: { kind: 'inverse' },
  expected: { seconds: 10, interruption: 'pods of the node start again, 1 to 2 s each' },
  timeoutMs: 3_600_000,
  retry: 'transient',
  disruptive: false,
  observe: ({ cluster }, _subject, { node }) =>
    cluster === undefined ? undefined : { known: cluster.nodes.some(({ name }) => name === node) },
  diff: (_state, { node }) => [{ kind: 'run', what: `pods of ${node}`, after: 'recreated' }],
  apply: async (context, { node, limitSeconds }) => {
    const { clock, progress, signal } = context;
    const opened = await context.kube();
    if (!opened.ok) return opened;
    const kube = opened.value;
    const pods = await before(context, kube, node);
    if (!pods.ok) return pods;
    const { addresses } = pods.value;
    const done = await recreatePods(
      { kube, clock, progress, signal, bare: bareStore(context) },
      {
        node,
        stale: (address) => addresses.includes(address),
        limitMs: limitSeconds * 1000,
      },
    );
    return done.ok ? ok({ pods: addresses.length }) : done;
  },
  verify: async ({ kube, outputs, signal }, { node }) => {
    const opened = await kube();
    if (!opened.ok) return opened;
    const pods = await listNetworkPods(opened.value, { node }, signal);
    if (!pods.ok) return pods;
    const away = pods.value.filter(({ address, over }) => address === undefined && !over);
    if (away.length > 0)
      return err({
        class: 'transient',
        code: 'cni-pod-not-recreated',
        host: node,
        message: `${node}: ${count(away.length, 'pod')} without an address`,
      });
    return ok({ text: `${count(Number(outputs?.['pods'] ?? 0), 'pod')} of ${node} started again` });
  },
  // The pods run as they did before: there is nothing to put back.
  revert: () => Promise.resolve(ok(undefined)),
});
