import type { Kube, KubeObject } from '../../core/ports/kube.js';
import { err, ok, type Result } from '../../core/result.js';
import { count, sentence } from '../../core/text.js';
import type { StepFailure } from '../failure.js';
import { failureOfKube } from '../kube-failure.js';
import type { ApplyContext } from '../step.js';
import { listNetworkPods, type NetworkPod, PODS } from './network-pods.js';
import { reasonOf } from './pod-reason.js';
import {
  askFrom,
  makeProbeNamespace,
  probeNamespace,
  probePod,
  removeProbe,
  removeProbeNamespace,
} from './probe-pods.js';

const NODES = { group: '', version: 'v1', plural: 'nodes' } as const;
const AGAIN_MS = 300;

export interface ProofInput {
  readonly node: string;
  readonly image: string;
  /** An address that a pod of the node has in the network to prove. */
  readonly fits: (address: string) => boolean;
  /** Only nodes whose pods are in that network, too, must be reached. */
  readonly onlyFitting: boolean;
  readonly limitMs: number;
}

export interface PairProof {
  /** Nodes with which both directions were tried. */
  readonly peers: readonly string[];
  /** Nodes that were left out: not ready, or not in the network yet where only its nodes count. */
  readonly left: readonly string[];
}

type Scene = Pick<ApplyContext, 'run' | 'clock' | 'signal' | 'progress'> & { readonly kube: Kube };

const isReady = (node: KubeObject): boolean => {
  const { conditions = [] } = (node['status'] ?? {}) as {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
  return conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
};

const nodesOf = async ({ kube, signal }: Scene): Promise<Result<readonly KubeObject[], StepFailure>> => {
  const all: KubeObject[] = [];
  for await (const page of kube.list(NODES, { signal })) {
    if (!page.ok) return err(failureOfKube(page.error, 'cannot list the nodes'));
    all.push(...page.value.items);
  }
  return ok(all);
};

/** Looks again and again until something comes of it, or the time is over: then the last failure. */
const until = async <T>(
  { clock, signal }: Scene,
  limitMs: number,
  look: () => Promise<Result<T, StepFailure>>,
): Promise<Result<T, StepFailure>> => {
  const begun = clock.monotonic();
  for (;;) {
    const seen = await look();
    if (seen.ok || seen.error.class === 'person' || signal.aborted) return seen;
    if (clock.monotonic() - begun > limitMs) return seen;
    await clock.delay(AGAIN_MS, signal).catch(() => undefined);
  }
};

const unfit = (node: string, message: string, cause: string): StepFailure => ({
  class: 'permanent',
  code: 'cni-not-proven',
  host: node,
  message: `${node}: ${message}`,
  cause,
});

const makePod = async (
  { kube, clock, signal }: Scene,
  pod: KubeObject,
): Promise<Result<void, StepFailure>> => {
  const { name, namespace = '' } = pod.metadata;
  const made = await kube.create({ resource: PODS, namespace }, pod, { signal });
  if (made.ok || made.error.kind === 'already-exists') return ok(undefined);
  // Refused until the controllers have given the namespace its account; one that an earlier attempt left may just go.
  if (made.error.kind === 'not-found') await makeProbeNamespace(kube, namespace, clock.now(), signal);
  return err(failureOfKube(made.error, `cannot make the probe ${name}`));
};

const PROBE = 'here';
const peerName = (index: number): string => `peer-${index}`;

/**
 * The probe on the node: the runtime may need a moment until it reads a configuration that was just put there, so that a
 * probe with an address of the former network is made again.
 */
const probeHere = async (
  scene: Scene,
  namespace: string,
  { node, image, fits }: ProofInput,
): Promise<Result<NetworkPod, StepFailure>> => {
  const made = await makePod(scene, probePod(namespace, PROBE, node, image));
  if (!made.ok) return made;
  const listed = await listNetworkPods(scene.kube, { namespace }, scene.signal);
  if (!listed.ok) return listed;
  const pod = listed.value.find(({ name }) => name === PROBE);
  if (pod?.address !== undefined && !fits(pod.address)) {
    const gone = await removeProbe(scene.kube, namespace, PROBE, scene.signal);
    if (!gone.ok) return gone;
    return err(
      unfit(node, `a new pod got ${pod.address}`, 'its runtime does not read the configuration yet'),
    );
  }
  if (pod?.ready === true && !pod.ending) return ok(pod);
  const reason = pod === undefined ? 'it was not made' : await reasonOf(scene.kube, pod.object, scene.signal);
  return err(unfit(node, 'a new pod does not start', reason));
};

interface Pods {
  readonly namespace: string;
  readonly here: NetworkPod;
  readonly peers: readonly NetworkPod[];
}

const readyPeers = async (
  scene: Scene,
  namespace: string,
  { node, image }: ProofInput,
  others: readonly string[],
): Promise<Result<readonly NetworkPod[], StepFailure>> => {
  const made = await Promise.all(
    others.map((other, index) => makePod(scene, probePod(namespace, peerName(index), other, image))),
  );
  for (const each of made) if (!each.ok) return each;
  const listed = await listNetworkPods(scene.kube, { namespace }, scene.signal);
  if (!listed.ok) return listed;
  const peers = listed.value.filter(({ name }) => name !== PROBE);
  const late = peers.find((pod) => !pod.ready);
  if (late !== undefined) {
    const reason = await reasonOf(scene.kube, late.object, scene.signal);
    return err(unfit(node, `the probe on ${late.node} does not start`, reason));
  }
  return peers.length === others.length
    ? ok(peers)
    : err(unfit(node, 'not all probes were made', `${peers.length} of ${others.length}`));
};

const judged = (
  from: NetworkPod,
  to: readonly NetworkPod[],
  seen: ReadonlyMap<string, string>,
): readonly string[] =>
  to.flatMap(({ node, address = '' }) => {
    const source = seen.get(address) ?? '-';
    if (source === '-') return [`${from.node} → ${node}: no answer from ${address}`];
    return source === from.address
      ? []
      : [`${from.node} → ${node}: seen as ${source}, not as ${from.address ?? ''}`];
  });

const tryPairs = async (
  { kube, signal }: Scene,
  { namespace, here, peers }: Pods,
): Promise<Result<void, StepFailure>> => {
  const addresses = peers.flatMap(({ address }) => address ?? []);
  const asked = await Promise.all([
    askFrom(kube, { namespace, name: here.name }, addresses, signal),
    ...peers.map((peer) => askFrom(kube, { namespace, name: peer.name }, [here.address ?? ''], signal)),
  ]);
  const problems: string[] = [];
  for (const [index, each] of asked.entries()) {
    if (!each.ok) return each;
    const from = index === 0 ? here : peers[index - 1];
    if (from !== undefined) problems.push(...judged(from, index === 0 ? peers : [here], each.value));
  }
  return problems.length === 0
    ? ok(undefined)
    : err(unfit(here.node, 'its new network does not carry every pair', sentence(problems, 4)));
};

const proveIn = async (
  scene: Scene,
  namespace: string,
  input: ProofInput,
): Promise<Result<PairProof, StepFailure>> => {
  const nodes = await nodesOf(scene);
  if (!nodes.ok) return nodes;
  const rest = nodes.value.filter(({ metadata }) => metadata.name !== input.node);
  const names = rest.filter(isReady).map(({ metadata }) => metadata.name);
  const left = rest.filter((node) => !isReady(node)).map(({ metadata }) => metadata.name);
  scene.progress('a new pod is made to prove the network');
  const [here, peers] = await Promise.all([
    until(scene, input.limitMs, () => probeHere(scene, namespace, input)),
    until(scene, input.limitMs, () => readyPeers(scene, namespace, input, names)),
  ]);
  if (!here.ok) return here;
  if (!peers.ok) return peers;
  const counts = ({ address = '' }: NetworkPod): boolean => !input.onlyFitting || input.fits(address);
  const asked = peers.value.filter(counts);
  const others = peers.value.filter((pod) => !counts(pod));
  const pods = { namespace, here: here.value, peers: asked };
  scene.progress(`both directions between ${input.node} and ${count(asked.length, 'other node')} are tried`);
  const tried =
    asked.length === 0 ? ok(undefined) : await until(scene, input.limitMs, () => tryPairs(scene, pods));
  const nodesIn = (all: readonly NetworkPod[]): string[] => all.map(({ node }) => node);
  return tried.ok ? ok({ peers: nodesIn(asked), left: [...left, ...nodesIn(others)] }) : tried;
};

/**
 * Proves with pods of its own that a node’s network carries both directions to every other node that is ready, with the
 * pods’ own addresses. Nothing of the users is touched. What it made is removed, whatever comes of it.
 */
export const provePairs = async (
  scene: Scene,
  input: ProofInput,
): Promise<Result<PairProof, StepFailure>> => {
  const namespace = probeNamespace(scene.run, input.node);
  const { kube, clock, signal } = scene;
  const made = await makeProbeNamespace(kube, namespace, clock.now(), signal);
  if (!made.ok) return made;
  try {
    return await proveIn(scene, namespace, input);
  } finally {
    await removeProbeNamespace(kube, namespace);
  }
};
