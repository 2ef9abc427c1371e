import type { Kube, KubeFailure, KubeObject } from '../../core/ports/kube.js';
import { err, ok, type Result } from '../../core/result.js';
import { joinSignals } from '../../core/signals.js';
import { sentence } from '../../core/text.js';
import type { StepFailure } from '../failure.js';
import type { ApplyContext } from '../step.js';
import { type BareStore, makeMissing } from './bare-pods.js';
import { endedNamespaces } from './ended-namespaces.js';
import { listNetworkPods, type NetworkPod, networkPods, PODS, podName } from './network-pods.js';
import { reasonOf } from './pod-reason.js';
import { isBack, type Returning, returningOf, singles } from './returning.js';

/** What was refused is tried again, and what is waited for is looked at, when something changes or after this long. */
const AGAIN_MS = 1_000;

/** Warnings of the kubelet about what a pod needs besides a network. */
const STUCK = /^(FailedMount|FailedAttachVolume|FailedMapVolume)\b/;

export interface Recreation {
  readonly node: string;
  /** An address of the network that the pods shall leave. */
  readonly stale: (address: string) => boolean;
  readonly limitMs: number;
}

interface Scene extends Pick<ApplyContext, 'clock' | 'signal' | 'progress'> {
  readonly kube: Kube;
  readonly bare: BareStore;
}

/** One round’s look at everything that matters. */
interface Round {
  readonly pods: readonly NetworkPod[];
  readonly targets: readonly NetworkPod[];
  readonly refusals: ReadonlyMap<string, KubeFailure>;
  readonly missing: readonly Returning[];
  /** Pods of the node that have no network yet. */
  readonly bodiless: readonly NetworkPod[];
}

/** What one recreation waits for. */
interface Plan {
  readonly returning: readonly Returning[];
  readonly kept: readonly KubeObject[];
  /** Pods that have no network for another reason than the network; by UID. */
  readonly stuck: ReadonlySet<string>;
}

const evict = async (
  { kube, signal }: Scene,
  pod: NetworkPod,
): Promise<readonly [string, KubeFailure] | undefined> => {
  const { namespace, name, uid } = pod;
  const asked = await kube.create(
    { resource: PODS, namespace, below: { name, subresource: 'eviction' } },
    {
      apiVersion: 'policy/v1',
      kind: 'Eviction',
      metadata: { name, namespace },
      ...(uid === '' ? {} : { deleteOptions: { preconditions: { uid } } }),
    },
    { signal },
  );
  return asked.ok || asked.error.kind === 'not-found' ? undefined : [podName(pod), asked.error];
};

/** Pods of the node, and of all namespaces in which something must return. */
const look = async (
  { kube, signal }: Scene,
  node: string,
  namespaces: ReadonlySet<string>,
): Promise<Result<readonly NetworkPod[], StepFailure>> => {
  const found = new Map<string, NetworkPod>();
  for (const where of [{ node }, ...[...namespaces].map((namespace) => ({ namespace }))]) {
    const listed = await listNetworkPods(kube, where, signal);
    if (!listed.ok) return listed;
    for (const pod of listed.value) found.set(pod.uid === '' ? podName(pod) : pod.uid, pod);
  }
  return ok([...found.values()]);
};

const targetsIn = (pods: readonly NetworkPod[], { node, stale }: Recreation): NetworkPod[] =>
  pods.filter(
    (pod) =>
      pod.node === node && !pod.over && !pod.ephemeral && pod.address !== undefined && stale(pod.address),
  );

const bodilessIn = (pods: readonly NetworkPod[], node: string): NetworkPod[] =>
  pods.filter(
    (pod) => pod.node === node && pod.address === undefined && !pod.ending && !pod.over && !pod.ephemeral,
  );

/** A pod that waits for a volume or a Secret has no address either, and no network would give it one. */
const stuckIn = async (
  { kube, signal }: Scene,
  pods: readonly NetworkPod[],
  node: string,
): Promise<ReadonlySet<string>> => {
  const reasons = await Promise.all(
    bodilessIn(pods, node).map(
      async ({ uid, object }) => [uid, await reasonOf(kube, object, signal)] as const,
    ),
  );
  return new Set(reasons.filter(([, reason]) => STUCK.test(reason)).map(([uid]) => uid));
};

const stateOf = (pods: readonly NetworkPod[]): string =>
  pods
    .map(({ uid, address = '', ready, ending }) => `${uid} ${address} ${ready} ${ending}`)
    .sort()
    .join();

/** Resolves when pods of the node are not as the round saw them any more, or after a while. */
const nextChange = async (
  { kube, clock, signal }: Scene,
  node: string,
  pods: Round['pods'],
): Promise<void> => {
  const limit = joinSignals([signal], AGAIN_MS);
  try {
    const options = { fieldSelector: `spec.nodeName=${node}`, signal: limit.signal };
    for await (const event of kube.watch(PODS, options)) {
      if (!event.ok) break;
      if (event.value.type !== 'RELISTED') return;
      // Something may have happened between the round and this watch, and nobody would tell of it again.
      if (stateOf(networkPods(event.value.items)) !== stateOf(pods.filter((pod) => pod.node === node)))
        return;
    }
    await clock.delay(AGAIN_MS, limit.signal).catch(() => undefined);
  } finally {
    limit.release();
  }
};

const budgetsOf = ({ message, causes }: KubeFailure): string =>
  causes.length === 0 ? message : causes.map((cause) => cause.message).join('; ');

const guarded = (node: string, refusals: Round['refusals']): StepFailure => ({
  class: 'person',
  code: 'cni-pods-guarded',
  host: node,
  message: `${node}: ${sentence([...refusals.keys()])} cannot be recreated: a disruption budget forbids it`,
  cause: [...refusals].map(([pod, failure]) => `${pod}: ${budgetsOf(failure)}`).join('\n'),
});

const notBack = async (scene: Scene, { node }: Recreation, round: Round): Promise<StepFailure> => {
  const [late] = round.missing;
  const pod =
    round.pods.find((one) => late?.fits(one) === true && !one.ending && !one.ready) ?? round.bodiless[0];
  const reason =
    pod === undefined ? 'nobody has made it' : await reasonOf(scene.kube, pod.object, scene.signal);
  const what = pod === undefined ? (late?.what ?? 'a pod') : `the pod ${podName(pod)}`;
  return {
    class: 'permanent',
    code: 'cni-pod-not-recreated',
    host: node,
    message: `${node}: ${what} does not come back`,
    cause: reason,
  };
};

const failureOf = async (scene: Scene, input: Recreation, round: Round): Promise<StepFailure> => {
  if (round.refusals.size > 0) return guarded(input.node, round.refusals);
  const [stuck] = round.targets;
  if (stuck !== undefined)
    return {
      class: 'permanent',
      code: 'cni-pod-not-recreated',
      host: input.node,
      message: `${input.node}: the pod ${podName(stuck)} was asked to end and has not yet`,
    };
  return notBack(scene, input, round);
};

const roundOf = async (scene: Scene, input: Recreation, plan: Plan): Promise<Result<Round, StepFailure>> => {
  const { kube, signal } = scene;
  const namespaces = new Set(plan.returning.map(({ namespace }) => namespace));
  for (const { metadata } of plan.kept) namespaces.add(metadata.namespace ?? '');
  const seen = await look(scene, input.node, namespaces);
  if (!seen.ok) return seen;
  const pods = seen.value;
  const targets = targetsIn(pods, input);
  const asked = await Promise.all(targets.filter(({ ending }) => !ending).map((pod) => evict(scene, pod)));
  const refusals = new Map(asked.filter((one) => one !== undefined));
  const made = await makeMissing(kube, { kept: plan.kept, pods }, signal);
  if (!made.ok) return made;
  const away = plan.returning.filter(
    (one) => !isBack(one, pods, input) && !(one.bare && made.value.has(one.name)),
  );
  const ended = await endedNamespaces(kube, new Set(away.map(({ namespace }) => namespace)), signal);
  if (!ended.ok) return ended;
  const missing = away.filter(({ namespace }) => !ended.value.has(namespace));
  const bodiless = bodilessIn(pods, input.node).filter(({ uid }) => !plan.stuck.has(uid));
  return ok({ pods, targets, refusals, missing, bodiless });
};

/** Where a round stands, for who watches. */
const told = ({ refusals, targets, missing, bodiless }: Round): string => {
  const [first] = refusals;
  if (first !== undefined) return `${first[0]}: ${budgetsOf(first[1])}`;
  if (targets.length > 0) return `${targets.length} pods are ending`;
  return `waiting for ${sentence([...missing.map(({ what }) => what), ...bodiless.map(podName)], 3)}`;
};

const untilBack = async (scene: Scene, input: Recreation, plan: Plan): Promise<Result<void, StepFailure>> => {
  const limit = joinSignals([scene.signal], input.limitMs);
  try {
    for (;;) {
      const last = limit.signal.aborted;
      const round = await roundOf(scene, input, plan);
      if (!round.ok) return round;
      const { targets, missing, bodiless } = round.value;
      if (targets.length === 0 && missing.length === 0 && bodiless.length === 0) return ok(undefined);
      if (last) return err(await failureOf(scene, input, round.value));
      scene.progress(told(round.value));
      await nextChange({ ...scene, signal: limit.signal }, input.node, round.value.pods);
    }
  } finally {
    limit.release();
  }
};

/** Whatever else has not come back: kept pods that are all there again are kept no more. */
const forgetWhenBack = async (
  scene: Scene,
  kept: readonly KubeObject[],
): Promise<Result<void, StepFailure>> => {
  if (kept.length === 0 || scene.signal.aborted) return ok(undefined);
  const there = new Set<string>();
  for (const namespace of new Set(kept.map(({ metadata }) => metadata.namespace ?? ''))) {
    const listed = await listNetworkPods(scene.kube, { namespace }, scene.signal);
    if (!listed.ok) return listed;
    for (const pod of listed.value) if (!pod.ending) there.add(podName(pod));
  }
  const away = networkPods(kept).filter((pod) => !there.has(podName(pod)));
  return away.length > 0 ? ok(undefined) : scene.bare.forget();
};

/**
 * Recreates pods of one node, so that they get the network that its runtime reads now: evicted as disruption budgets
 * allow, again and again; pods without an owner are kept before and made again by Drover. Resolves with how many there
 * were when all are back, ready where they were ready before.
 */
export const recreatePods = async (scene: Scene, input: Recreation): Promise<Result<number, StepFailure>> => {
  const here = await look(scene, input.node, new Set());
  if (!here.ok) return here;
  const targets = targetsIn(here.value, input);
  const all = await look(scene, input.node, new Set(targets.map(({ namespace }) => namespace)));
  if (!all.ok) return all;
  // A bare pod that somebody is deleting shall not come back.
  const wanted = targets.filter(({ owner, ending }) => owner !== undefined || !ending);
  const returning = returningOf(wanted, all.value);
  const alone = singles(returning);
  if (alone.length > 0) scene.progress(`away for a moment, nobody else runs them: ${sentence(alone)}`);
  const stored = await scene.bare.keep(targets.filter(({ owner, ending }) => owner === undefined && !ending));
  if (!stored.ok) return stored;
  const kept = await scene.bare.kept();
  if (!kept.ok) return kept;
  const stuck = await stuckIn(scene, here.value, input.node);
  const done = await untilBack(scene, input, { returning, kept: kept.value, stuck });
  const forgotten = await forgetWhenBack(scene, kept.value);
  if (!done.ok) return done;
  return forgotten.ok ? ok(targets.length) : forgotten;
};
