import { err, ok, type Result } from '../../core/result.js';
import { count, sentence } from '../../core/text.js';
import type { StepFailure } from '../failure.js';
import type { NetworkPod } from './network-pods.js';
import { askFrom, type ProbeOwner, probeNamespace, removeProbes } from './probe-pods.js';
import {
  type Given,
  type Pods,
  type ProbeInput,
  type Scene,
  startProbes,
  unfit,
  until,
} from './prove-pods.js';

/** Patience with packets that find their way; less of it where nothing has changed yet. */
const PASS_MS = 30_000;
const BEFORE_MS = 10_000;

export interface ProofInput extends ProbeInput {
  /** How often the node was put back before in this run. */
  readonly turn: number;
  /** Whether both directions must pass to a node, whose probe has this address. */
  readonly required: (node: string, address: string) => boolean;
}

export interface PairProof {
  /** Nodes with which both directions were tried. */
  readonly peers: readonly string[];
  /** Nodes that were left out: not ready, or not required. */
  readonly left: readonly string[];
}

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

/** What is wrong between the node and each other one, by the other one’s name; absent = both directions pass. */
const problemsIn = async (
  { kube, signal }: Scene,
  { namespace, here, peers }: Pods,
): Promise<Result<ReadonlyMap<string, readonly string[]>, StepFailure>> => {
  const addresses = peers.flatMap(({ address }) => address ?? []);
  const out = await askFrom(kube, { namespace, name: here.name }, addresses, signal);
  if (!out.ok) return out;
  const problems = new Map<string, readonly string[]>();
  const back = await Promise.all(
    peers.map((peer) => askFrom(kube, { namespace, name: peer.name }, [here.address ?? ''], signal)),
  );
  for (const [index, answer] of back.entries()) {
    const peer = peers[index];
    if (!answer.ok) return answer;
    if (peer === undefined) continue;
    const wrong = [...judged(here, [peer], out.value), ...judged(peer, [here], answer.value)];
    if (wrong.length > 0) problems.set(peer.node, wrong);
  }
  return ok(problems);
};

const tryPairs = async (scene: Scene, pods: Pods): Promise<Result<void, StepFailure>> => {
  const problems = await problemsIn(scene, pods);
  if (!problems.ok) return problems;
  const all = [...problems.value.values()].flat();
  return all.length === 0
    ? ok(undefined)
    : err(unfit(pods.here.node, 'its new network does not carry every pair', sentence(all, 4)));
};

const namesOf = (pods: readonly NetworkPod[]): string[] => pods.map(({ node }) => node);

const proveIn = async (
  scene: Scene,
  namespace: string,
  input: ProofInput,
): Promise<Result<PairProof, StepFailure>> => {
  scene.progress('a new pod is made to prove the network');
  const pods = await startProbes(scene, namespace, input);
  if (!pods.ok) return pods;
  const counts = ({ node, address = '' }: NetworkPod): boolean => input.required(node, address);
  const asked = pods.value.peers.filter(counts);
  const others = pods.value.peers.filter((pod) => !counts(pod));
  scene.progress(`both directions between ${input.node} and ${count(asked.length, 'other node')} are tried`);
  const some = { ...pods.value, peers: asked };
  const tried = asked.length === 0 ? ok(undefined) : await until(scene, PASS_MS, () => tryPairs(scene, some));
  if (!tried.ok) return tried;
  return ok({ peers: namesOf(asked), left: [...pods.value.away, ...namesOf(others)] });
};

/**
 * Proves with pods of its own that a node’s network carries both directions to every other node that is ready, with the
 * pods’ own addresses. Nothing of the users is touched. What it made is removed; one that is cut off leaves it for the
 * next attempt, which goes on with it.
 */
export const provePairs = async (
  given: Given,
  input: ProofInput,
): Promise<Result<PairProof, StepFailure>> => {
  const { kube, signal, run } = given;
  const owner: ProbeOwner = { run, node: input.node, turn: input.turn };
  const proof = await proveIn({ ...given, owner }, probeNamespace(owner), input);
  const gone = signal.aborted ? ok(undefined) : await removeProbes(kube, owner, signal);
  return gone.ok ? proof : gone;
};

/**
 * The other nodes with which both directions pass now, before anything is changed: where the former network is broken
 * there is nothing that a change could cut. The probes stay for the proof.
 */
export const passesBefore = async (
  given: Given,
  input: Pick<ProofInput, 'node' | 'image' | 'turn'>,
): Promise<Result<readonly string[], StepFailure>> => {
  const owner: ProbeOwner = { run: given.run, node: input.node, turn: input.turn };
  const scene = { ...given, owner };
  given.progress('which nodes answer now is looked at');
  const pods = await startProbes(scene, probeNamespace(owner), { ...input, fits: () => true });
  if (!pods.ok) return given.signal.aborted ? pods : ok([]);
  const tried = await until(scene, BEFORE_MS, () => tryPairs(scene, pods.value));
  if (tried.ok) return ok(namesOf(pods.value.peers));
  const problems = await problemsIn(scene, pods.value);
  return problems.ok ? ok(namesOf(pods.value.peers).filter((node) => !problems.value.has(node))) : problems;
};
