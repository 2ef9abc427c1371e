import { cidrHasAddress } from '../../core/cidr.js';
import type { Kube } from '../../core/ports/kube.js';
import { err, ok, type Result } from '../../core/result.js';
import { cordon } from '../cordon.js';
import type { StepFailure } from '../failure.js';
import { failureOfKube } from '../kube-failure.js';
import type { ApplyContext } from '../step.js';
import { type BareStore, bareStore } from './bare-pods.js';
import { type Conf, dropConf, putConf } from './conf.js';
import { listNetworkPods, type NetworkPod } from './network-pods.js';
import { removeProbes } from './probe-pods.js';
import { type PairProof, passesBefore, provePairs } from './prove.js';
import { confs } from './recipes.js';
import { recreatePods } from './recreate.js';
import type { SwitchParams, SwitchState } from './switch-state.js';

const NODES = { group: '', version: 'v1', plural: 'nodes' } as const;

/** What outlives the process. */
type Memory = {
  /** How often the configuration was taken away again. */
  readonly turn: number;
  /** Somebody else had cordoned the node. */
  readonly cordoned: boolean;
  /** Nodes that answered before anything was changed; null = nobody has looked. */
  readonly answered: readonly string[] | null;
};

/** One node that changes. */
export interface Scene {
  readonly context: ApplyContext;
  readonly params: SwitchParams;
  readonly kube: Kube;
  readonly conf: Conf;
  readonly bare: BareStore;
  readonly memory: Memory;
}

export const recipeOf = ({ driver }: SwitchParams) => {
  const recipe = confs[driver];
  if (recipe === undefined) throw new Error(`no recipe of ${driver}`);
  return recipe;
};

export const sceneOf = async (
  context: ApplyContext,
  params: SwitchParams,
  { cordoned }: SwitchState,
): Promise<Result<Scene, StepFailure>> => {
  const kube = await context.kube();
  if (!kube.ok) return kube;
  const memory = (context.resumed as Memory | undefined) ?? { turn: 0, cordoned, answered: null };
  if (context.resumed === undefined) await context.checkpoint(memory);
  const conf = { recipe: recipeOf(params), input: params.input, turn: memory.turn };
  const bare = bareStore(context);
  return ok({ context, params, kube: kube.value, conf, bare, memory });
};

/** Pods of the node that are not in the new network. */
export const stalePods = async (
  kube: Pick<Kube, 'list'>,
  { node, input }: SwitchParams,
  signal: AbortSignal,
): Promise<Result<readonly NetworkPod[], StepFailure>> => {
  const pods = await listNetworkPods(kube, { node }, signal);
  if (!pods.ok) return pods;
  return ok(
    pods.value.filter(
      ({ address, over, ephemeral }) =>
        !over && !ephemeral && address !== undefined && !cidrHasAddress(input.pool, address),
    ),
  );
};

const isCordoned = async ({ kube, params, context }: Scene): Promise<Result<boolean, StepFailure>> => {
  const { node } = params;
  const found = await kube.get({ resource: NODES, name: node }, { signal: context.signal });
  if (!found.ok) return err(failureOfKube(found.error, `cannot look at ${node}`));
  return ok((found.value['spec'] as { readonly unschedulable?: boolean }).unschedulable === true);
};

/** Nothing of the change is open: an earlier attempt, or an earlier run, has made all of it. */
export const isChanged = async (scene: Scene, state: SwitchState): Promise<Result<boolean, StepFailure>> => {
  const { params, kube, memory, context, bare } = scene;
  if (!state.conf) return ok(false);
  const stale = await stalePods(kube, params, context.signal);
  if (!stale.ok) return stale;
  // The first attempt of a run has kept nothing yet.
  const kept = context.resumed === undefined ? ok([]) : await bare.kept();
  if (!kept.ok) return kept;
  const cordoned = await isCordoned(scene);
  if (!cordoned.ok) return cordoned;
  const open = !params.cordon || cordoned.value === memory.cordoned;
  return ok(open && stale.value.length === 0 && kept.value.length === 0);
};

const recreate = (
  scene: Scene,
  stale: (address: string) => boolean,
): Promise<Result<number, StepFailure>> => {
  const { context, params, kube, bare } = scene;
  const { clock, progress, signal } = context;
  const { node, limitSeconds } = params;
  return recreatePods({ kube, clock, progress, signal, bare }, { node, stale, limitMs: limitSeconds * 1000 });
};

const giveBack = ({ context, params, memory }: Scene): Promise<Result<void, StepFailure>> =>
  params.cordon && !memory.cordoned ? cordon(context, params.node, false) : Promise.resolve(ok(undefined));

/** Looks once which nodes answer, while the node still has its former network, and writes it down. */
const answeredBefore = async (
  { context, params, kube, memory }: Scene,
  state: SwitchState,
): Promise<Result<readonly string[] | null, StepFailure>> => {
  if (memory.answered !== null || state.conf) return ok(memory.answered);
  const { node, image } = params;
  const seen = await passesBefore({ ...context, kube }, { node, image, turn: memory.turn });
  if (!seen.ok) return seen;
  await context.checkpoint({ ...memory, answered: [...seen.value] });
  return seen;
};

/** A new pod proves the node’s new network before any pod of the users is touched. */
const changeProven = async (scene: Scene, state: SwitchState): Promise<Result<PairProof, StepFailure>> => {
  const { context, params, kube, memory } = scene;
  const { node, image, input, prove } = params;
  const cordoned = await cordon(context, node, true);
  if (!cordoned.ok) return cordoned;
  const answered = await answeredBefore(scene, state);
  if (!answered.ok) return answered;
  const put = await putConf(context, scene.conf);
  if (!put.ok) return put;
  const fits = (address: string): boolean => cidrHasAddress(input.pool, address);
  const before = answered.value;
  const required = (peer: string, address: string): boolean =>
    fits(address) || (prove === 'all' && before?.includes(peer) !== false);
  const proof = await provePairs({ ...context, kube }, { node, image, fits, required, turn: memory.turn });
  if (!proof.ok) return proof;
  const back = await giveBack(scene);
  return back.ok ? proof : back;
};

const changeAtOnce = async ({ context, conf }: Scene): Promise<Result<PairProof, StepFailure>> => {
  const put = await putConf(context, conf);
  return put.ok ? ok({ peers: [], left: [] }) : put;
};

/** The node’s runtime gets the new configuration, then its pods get the new network. */
export const changeNode = async (
  scene: Scene,
  state: SwitchState,
): Promise<Result<PairProof, StepFailure>> => {
  const { params } = scene;
  const proof = await (params.cordon ? changeProven(scene, state) : changeAtOnce(scene));
  if (!proof.ok) return proof;
  const recreated = await recreate(scene, (address) => !cidrHasAddress(params.input.pool, address));
  return recreated.ok ? proof : recreated;
};

/** What the probes of a run that is taken back have left. */
const withoutProbes = ({ context, params, kube }: Scene): Promise<Result<void, StepFailure>> =>
  removeProbes(kube, { run: context.takesBack?.run ?? context.run, node: params.node }, context.signal);

/**
 * On the way back the former network has just been started again, and may not reach every node yet: pods are recreated into
 * it once it carries both directions. One that does not carry them in time is told of, and holds nobody up.
 */
const awaitFormer = async ({ context, params, kube, memory }: Scene): Promise<Result<void, StepFailure>> => {
  const { node, image, input, cordon: oneByOne, prove } = params;
  if (context.takesBack === undefined || !oneByOne || prove === 'changed') return ok(undefined);
  const fits = (address: string): boolean => !cidrHasAddress(input.pool, address);
  const asked = { node, image, fits, required: () => true, turn: memory.turn };
  const proof = await provePairs({ ...context, kube }, asked);
  if (proof.ok) return ok(undefined);
  if (proof.error.class !== 'permanent' || context.signal.aborted) return proof;
  context.progress(
    `${proof.error.message}: ${proof.error.cause ?? 'no reason is known'}; it goes back all the same`,
  );
  return ok(undefined);
};

/** The node goes back to the former network: its configuration counts again, its pods get its addresses. */
export const putBack = async (scene: Scene): Promise<Result<void, StepFailure>> => {
  const { context, params } = scene;
  const dropped = await dropConf(context, scene.conf);
  if (!dropped.ok) return dropped;
  const carried = await awaitFormer(scene);
  if (!carried.ok) return carried;
  const back = await giveBack(scene);
  if (!back.ok) return back;
  const done = await recreate(scene, (address) => cidrHasAddress(params.input.pool, address));
  return done.ok ? withoutProbes(scene) : done;
};

/** A node that cannot be moved is put back; where a person must decide, or the API is away, it stays as it is. */
export const afterFailure = async (scene: Scene, failure: StepFailure): Promise<StepFailure> => {
  const { context, memory, params } = scene;
  if (failure.class !== 'permanent' || context.signal.aborted) return failure;
  // On disk before anything is taken away: the next attempt must not take the scripts of this one for done.
  await context.checkpoint({ ...memory, turn: memory.turn + 1 });
  context.progress(`${params.node} is put back`);
  const back = await putBack(scene);
  const told = back.ok
    ? `${params.node} is back on the former network`
    : `${params.node} could not be put back wholly: ${back.error.message}`;
  return { ...failure, cause: [failure.cause, told].filter(Boolean).join('\n') };
};
