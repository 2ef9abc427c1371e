import type { Kube, KubeObject } from '../../core/ports/kube.js';
import { err, ok, type Result } from '../../core/result.js';
import type { StepFailure } from '../failure.js';
import { failureOfKube } from '../kube-failure.js';
import type { ApplyContext } from '../step.js';
import { listNetworkPods, type NetworkPod, PODS } from './network-pods.js';
import { reasonOf } from './pod-reason.js';
import { makeProbeNamespace, type ProbeOwner, probePod, removeProbe } from './probe-pods.js';

const NODES = { group: '', version: 'v1', plural: 'nodes' } as const;
const AGAIN_MS = 300;

/** Patience with probes that start. */
const START_MS = 120_000;

/** Where probes are made, and which address fits there. */
export interface ProbeInput {
  readonly node: string;
  readonly image: string;
  /** An address that a pod of the node has in the network that is looked at. */
  readonly fits: (address: string) => boolean;
}

export type Given = Pick<ApplyContext, 'run' | 'clock' | 'signal' | 'progress'> & { readonly kube: Kube };
export type Scene = Given & { readonly owner: ProbeOwner };

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
export const until = async <T>(
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

export const unfit = (node: string, message: string, cause: string): StepFailure => ({
  class: 'permanent',
  code: 'cni-not-proven',
  host: node,
  message: `${node}: ${message}`,
  cause,
});

const makePod = async (
  { kube, clock, signal, owner }: Scene,
  pod: KubeObject,
): Promise<Result<void, StepFailure>> => {
  const { name, namespace = '' } = pod.metadata;
  const made = await kube.create({ resource: PODS, namespace }, pod, { signal });
  if (made.ok || made.error.kind === 'already-exists') return ok(undefined);
  // Refused until the controllers have given the namespace its account; one that an earlier attempt left may just go.
  if (made.error.kind === 'not-found') await makeProbeNamespace(kube, owner, clock.now(), signal);
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
  { node, image, fits }: ProbeInput,
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

/** Probes that run. */
export interface Pods {
  readonly namespace: string;
  readonly here: NetworkPod;
  readonly peers: readonly NetworkPod[];
  /** Nodes that are not ready: nobody can be asked there. */
  readonly away: readonly string[];
}

const readyPeers = async (
  scene: Scene,
  namespace: string,
  { node, image }: ProbeInput,
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

/** Starts a probe on the node and one on every other node that is ready; those of an earlier attempt count. */
export const startProbes = async (
  scene: Scene,
  namespace: string,
  input: ProbeInput,
): Promise<Result<Pods, StepFailure>> => {
  const { kube, clock, signal, owner } = scene;
  const made = await makeProbeNamespace(kube, owner, clock.now(), signal);
  if (!made.ok) return made;
  const nodes = await nodesOf(scene);
  if (!nodes.ok) return nodes;
  const others = nodes.value.filter(({ metadata }) => metadata.name !== input.node);
  const names = others.filter(isReady).map(({ metadata }) => metadata.name);
  const away = others.filter((node) => !isReady(node)).map(({ metadata }) => metadata.name);
  const [here, peers] = await Promise.all([
    until(scene, START_MS, () => probeHere(scene, namespace, input)),
    until(scene, START_MS, () => readyPeers(scene, namespace, input, names)),
  ]);
  if (!here.ok) return here;
  return peers.ok ? ok({ namespace, here: here.value, peers: peers.value, away }) : peers;
};
