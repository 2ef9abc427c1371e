import type { Kube } from '../../core/ports/kube.js';
import { err, ok, type Result } from '../../core/result.js';
import { count, sentence } from '../../core/text.js';
import { listNetworkPods, PODS } from '../cni/network-pods.js';
import { reasonOf } from '../cni/pod-reason.js';
import { makeProbeNamespace, type ProbeOwner, probeNamespace, removeProbes } from '../cni/probe-pods.js';
import type { StepFailure } from '../failure.js';
import { failureOfKube } from '../kube-failure.js';
import { type ApplyContext, defineStep } from '../step.js';
import { type Answer, type AskedNode, askFromHost, askFromPod } from './ask.js';
import { type Cast, castOf, makeService, putBehind, type Reached } from './probe-service.js';

type Params = {
  readonly nodes: readonly AskedNode[];
  readonly image: string;
  /** Who programs Services at this moment, for the title: `kube-proxy`. */
  readonly by: string;
  /** Patience with endpoints that every node must hear of. */
  readonly limitSeconds: number;
};

/** The nodes are the cluster’s. A type alias is JSON, an interface is not. */
type State = { readonly known: boolean };

const AGAIN_MS = 500;
const START_MS = 120_000;
const SHOWN = 4;

interface Scene {
  readonly context: ApplyContext;
  readonly kube: Kube;
  readonly params: Params;
  readonly cast: Cast;
  readonly namespace: string;
}

const unproven = (message: string, cause: string, host?: string): StepFailure => ({
  class: 'permanent',
  code: 'services-not-proven',
  ...(host === undefined ? {} : { host }),
  message,
  cause,
});

/** Looks again and again until something comes of it, or the time is over: then the last failure. */
const until = async <T>(
  { context: { clock, signal } }: Scene,
  limitMs: number,
  look: () => Promise<Result<T, StepFailure>>,
): Promise<Result<T, StepFailure>> => {
  const begun = clock.monotonic();
  for (;;) {
    const seen = await look();
    if (seen.ok || signal.aborted || clock.monotonic() - begun > limitMs) return seen;
    await clock.delay(AGAIN_MS, signal).catch(() => undefined);
  }
};

/** Makes what is not there yet; ok when every probe is ready. */
const start = async (scene: Scene): Promise<Result<void, StepFailure>> => {
  const { kube, cast, namespace, context } = scene;
  const { signal } = context;
  for (const pod of [...cast.answering, ...cast.asking]) {
    const made = await kube.create({ resource: PODS, namespace }, pod, { signal });
    if (!made.ok && made.error.kind !== 'already-exists')
      return err(failureOfKube(made.error, `cannot make the probe ${pod.metadata.name}`));
  }
  const listed = await listNetworkPods(kube, { namespace }, signal);
  if (!listed.ok) return listed;
  const late = listed.value.find(({ ready }) => !ready);
  if (late === undefined) return ok(undefined);
  const reason = await reasonOf(kube, late.object, signal);
  return err(unproven(`${late.node}: a probe does not start`, reason, late.node));
};

/** Every node asks, its pods and the host itself. */
const askAll = async (scene: Scene, reached: Reached): Promise<Result<readonly Answer[], StepFailure>> => {
  const { context, kube, params, namespace } = scene;
  const asked = await Promise.all(
    params.nodes.flatMap(({ name }, at) => [
      askFromPod(kube, { namespace, name: `asks-${at}`, node: name }, reached, context.signal),
      askFromHost(context.on(name), name, reached, params.nodes),
    ]),
  );
  for (const each of asked) if (!each.ok) return each;
  return ok(asked.flatMap((each) => (each.ok ? each.value : [])));
};

const wrongText = ({ node, by, answer }: Answer): string =>
  answer === '-' ? `${node}, ${by}: no answer` : `${node}, ${by}: ${answer}, which is not behind it any more`;

/** One state of the endpoints: everybody must be answered by one of these pods, and by no other. */
const round = async (
  scene: Scene,
  reached: Reached,
  behind: readonly string[],
): Promise<Result<number, StepFailure>> => {
  const { context, kube, cast, params } = scene;
  const put = await putBehind(kube, cast, behind, context.signal);
  if (!put.ok) return put;
  context.progress(`every node asks a Service with ${sentence(behind)} behind it`);
  return until(scene, params.limitSeconds * 1000, async () => {
    const answers = await askAll(scene, reached);
    if (!answers.ok) return answers;
    const wrong = answers.value.filter(({ answer }) => !behind.includes(answer));
    const [first] = wrong;
    if (first === undefined) return ok(answers.value.length);
    const nodes = sentence([...new Set(wrong.map(({ node }) => node))].sort());
    return err(
      unproven(
        `${nodes}: a Service does not follow its endpoints, which are ${sentence(behind)} now`,
        sentence(wrong.map(wrongText), SHOWN),
        first.node,
      ),
    );
  });
};

const proveAll = async (scene: Scene): Promise<Result<{ readonly answers: number }, StepFailure>> => {
  const { context, kube, namespace, cast, params } = scene;
  const owner: ProbeOwner = { run: context.run, node: 'services', turn: 0 };
  const made = await makeProbeNamespace(kube, owner, context.clock.now(), context.signal);
  if (!made.ok) return made;
  // Refused until the controllers have given the namespace its account.
  const started = await until(scene, START_MS, () => start(scene));
  if (!started.ok) return started;
  const reached = await makeService(kube, namespace, context.signal);
  if (!reached.ok) return reached;
  const [one = '', two = ''] = cast.answering.map(({ metadata }) => metadata.name);
  let answers = 0;
  // One, moved to the other, scaled up, scaled down.
  for (const behind of [[one], [two], [one, two], [one]]) {
    const done = await round(scene, reached.value, behind);
    if (!done.ok) return done;
    answers += done.value;
  }
  context.progress(`${count(answers, 'answer')} from ${count(params.nodes.length, 'node')}`);
  return ok({ answers });
};

/**
 * Proves that Services follow their endpoints: rules that somebody left behind answer as before until endpoints change. A
 * Service of probes gets one pod behind it, another one, both, and one again; every node asks it each time, from a pod by
 * the ClusterIP, from the host by the ClusterIP and by the NodePort of every node.
 */
export const servicesProve = defineStep<Params, State>({
  id: 'services.prove',
  title: ({ nodes, by }) =>
    `Prove that Services follow their endpoints by ${by}, from ${count(nodes.length, 'node')}`,
  scope: 'cluster',
  reads: ['cluster'],
  risk: 'none',
  replay: 'converges',
  undo: { kind: 'inverse' },
  expected: { seconds: 20 },
  timeoutMs: 1_800_000,
  retry: 'transient',
  disruptive: false,
  observe: ({ cluster }) => (cluster === undefined ? undefined : { known: true }),
  diff: (_state, { nodes }) => [
    {
      kind: 'run',
      what: `a Service of probes, asked from ${count(nodes.length, 'node')}`,
      after: 'answered by the pods that are behind it, each time they change',
    },
  ],
  apply: async (context, params) => {
    const opened = await context.kube();
    if (!opened.ok) return opened;
    const kube = opened.value;
    const namespace = probeNamespace({ run: context.run, node: 'services', turn: 0 });
    const cast = castOf(
      namespace,
      params.nodes.map(({ name }) => name),
      params.image,
    );
    const proven = await proveAll({ context, kube, params, cast, namespace });
    const removed = await removeProbes(kube, { run: context.run, node: 'services' }, context.signal);
    if (!proven.ok) return proven;
    return removed.ok ? ok({ answers: proven.value.answers }) : removed;
  },
  verify: ({ outputs }, { nodes }) =>
    Promise.resolve(
      ok({
        text: `${count(Number(outputs?.['answers'] ?? 0), 'question')} from ${count(nodes.length, 'node')} answered by the pods behind the Service, as they changed`,
      }),
    ),
  revert: () => Promise.resolve(ok(undefined)),
});
