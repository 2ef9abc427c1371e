import type { Kube, KubeObject } from '../../core/ports/kube.js';
import { err, ok, type Result } from '../../core/result.js';
import { count } from '../../core/text.js';
import type { Change } from '../change.js';
import type { StepFailure } from '../failure.js';
import { failureOfKube } from '../kube-failure.js';
import { type ApplyContext, defineStep } from '../step.js';
import { type DrillPod, drillPods, lagging, type Movable, movable, wantedElsewhere } from './drill-pods.js';
import { conditionOf, lookAtNode, setOutOfService } from './node.js';

const PODS = { group: '', version: 'v1', plural: 'pods' } as const;

type Params = {
  readonly node: string;
  /** Within this time pods must be ready elsewhere, counted from when the cluster knows that the node is lost. */
  readonly budgetSeconds: number;
  /** Tell the cluster that the node is certainly off, instead of waiting for what pods tolerate. */
  readonly outOfService: boolean;
  /** Claims, `NAMESPACE/NAME`, whose only copy lies on the node. */
  readonly pinned: readonly string[];
};

/** The cluster takes a node for lost after 40 to 50 s without a sign of life, unless it was told otherwise. */
const LOST_MS = 300_000;
const LOOK_MS = 1_000;

const allPods = async (
  kube: Pick<Kube, 'list'>,
  signal: AbortSignal,
): Promise<Result<readonly DrillPod[], StepFailure>> => {
  const found: KubeObject[] = [];
  for await (const page of kube.list(PODS, { signal })) {
    if (!page.ok) return err(failureOfKube(page.error, 'cannot list the pods'));
    found.push(...page.value.items);
  }
  return ok(drillPods(found));
};

const seePods = async (context: ApplyContext): Promise<Result<readonly DrillPod[], StepFailure>> => {
  const kube = await context.kube();
  return kube.ok ? allPods(kube.value, context.signal) : kube;
};

/** Looks once a second, over servers that come and go, until it is true or the time is over. */
const until = async (
  { clock, signal }: ApplyContext,
  limitMs: number,
  look: () => Promise<boolean>,
): Promise<boolean> => {
  const end = clock.monotonic() + limitMs;
  while (!signal.aborted) {
    if (await look()) return true;
    if (clock.monotonic() > end) return false;
    await clock.delay(LOOK_MS, signal).catch(() => undefined);
  }
  return false;
};

const isLost = async (context: ApplyContext, node: string): Promise<boolean> => {
  const kube = await context.kube();
  if (!kube.ok) return false;
  const found = await lookAtNode(kube.value, node, context.signal);
  return found.ok && conditionOf(found.value, 'Ready') !== 'True';
};

const notLost = (node: string): StepFailure => ({
  class: 'permanent',
  code: 'drill-not-lost',
  host: node,
  message: `${node} was not lost to the cluster within ${LOST_MS / 1000} s`,
  cause: 'K3s runs there again: the drill was interrupted, and the host’s own timer ended it',
  hint: 'take the run back, and begin anew',
});

const stayed = (node: string, seconds: number, why: readonly string[]): StepFailure => ({
  class: 'permanent',
  code: 'drill-pods-stayed',
  host: node,
  message: `${count(why.length, 'workload')} of ${node} did not come up elsewhere within ${seconds} s`,
  cause: why.join('\n'),
});

const patienceText = ({ patience }: DrillPod): string =>
  patience === null ? 'for ever' : patience === 0 ? 'not at all' : `${patience} s`;

const announce = ({ progress }: ApplyContext, { moving, staying }: Movable): void => {
  for (const pod of moving) progress(`${pod.namespace}/${pod.name} tolerates the loss ${patienceText(pod)}`);
  for (const { pod, why } of staying) progress(`${pod.namespace}/${pod.name} stands still: ${why}`);
};

const proofOf = ({ moving, staying }: Movable, lostMs: number, movedMs: number): string => {
  const longest = moving.reduce((most, { patience }) => Math.max(most, patience ?? 0), 0);
  const parts = [
    `lost to the cluster after ${Math.round(lostMs / 1000)} s`,
    moving.length === 0
      ? 'no pod had to move'
      : `${count(moving.length, 'pod')} ready elsewhere ${Math.round(movedMs / 1000)} s later (they tolerate up to ${longest} s)`,
    ...(staying.length === 0 ? [] : [`${count(staying.length, 'pod')} stood still`]),
  ];
  return parts.join('; ');
};

const moveAway = async (
  context: ApplyContext,
  { node, budgetSeconds, outOfService }: Params,
  pods: readonly DrillPod[],
  moving: readonly DrillPod[],
): Promise<Result<void, StepFailure>> => {
  if (outOfService) {
    context.progress('telling the cluster that the node is off');
    const tainted = await setOutOfService(context, node, true);
    if (!tainted.ok) return tainted;
  }
  const wanted = wantedElsewhere(pods, moving);
  let left = lagging(pods, node, wanted);
  const moved = await until(context, budgetSeconds * 1000, async () => {
    const seen = await seePods(context);
    if (!seen.ok) return false;
    left = lagging(seen.value, node, wanted);
    if (left.length > 0)
      context.progress(`waiting for ${count(left.length, 'workload')}: ${left[0]?.why ?? ''}`);
    return left.length === 0;
  });
  return moved
    ? ok(undefined)
    : err(
        stayed(
          node,
          budgetSeconds,
          left.map(({ why }) => why),
        ),
      );
};

/** Waits until the cluster has noticed that a node is lost, and its pods are ready on others. */
export const drillAwait = defineStep<Params, null>({
  id: 'drill.await',
  title: ({ node, budgetSeconds, outOfService }) =>
    `Wait at most ${budgetSeconds} s until the pods of ${node}, ${outOfService ? 'which is told to be off,' : 'when they tolerate its loss no longer,'} are ready elsewhere`,
  scope: 'cluster',
  reads: [],
  risk: 'low',
  replay: 'converges',
  undo: { kind: 'restorePoint' },
  expected: { seconds: 360 },
  timeoutMs: 7_200_000,
  retry: 'never',
  disruptive: false,
  observe: () => undefined,
  diff: (_state, { node, pinned }) => [
    ...pinned.map(
      (claim): Change => ({
        kind: 'warn',
        what: `the only copy of ${claim} is on ${node}: pods with it stand still meanwhile`,
      }),
    ),
    { kind: 'verify', what: `pods of ${node}`, after: 'ready on other nodes' },
  ],
  apply: async (context, params) => {
    const { node, pinned, outOfService } = params;
    const { clock } = context;
    const begun = clock.monotonic();
    const before = await seePods(context);
    if (!before.ok) return before;
    const found = movable(before.value, node, { pinned, outOfService });
    announce(context, found);
    context.progress('waiting until the cluster takes the node for lost');
    if (!(await until(context, LOST_MS, () => isLost(context, node)))) return err(notLost(node));
    const lost = clock.monotonic();
    const moved = await moveAway(context, params, before.value, found.moving);
    if (!moved.ok) return moved;
    return ok({ proof: proofOf(found, lost - begun, clock.monotonic() - lost) });
  },
  verify: ({ outputs }) => {
    const proof = outputs?.['proof'];
    return Promise.resolve(ok({ text: typeof proof === 'string' ? proof : 'not measured in this run' }));
  },
});
