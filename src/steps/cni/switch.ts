import { cidrHasAddress } from '../../core/cidr.js';
import type { Kube } from '../../core/ports/kube.js';
import { err, ok, type Result } from '../../core/result.js';
import { sentence } from '../../core/text.js';
import { cordon } from '../cordon.js';
import type { StepFailure } from '../failure.js';
import { failureOfKube } from '../kube-failure.js';
import { notHeld } from '../outcome.js';
import { type ApplyContext, defineStep } from '../step.js';
import { bareStore } from './bare-pods.js';
import { type Conf, dropConf, putConf } from './conf.js';
import { listNetworkPods, podName } from './network-pods.js';
import { type PairProof, provePairs } from './prove.js';
import type { NetworkRecipe } from './recipe.js';
import { recipes } from './recipes.js';
import { recreatePods } from './recreate.js';
import { type SwitchParams, type SwitchState, switchDiff, switchState, switchTitle } from './switch-state.js';

const NODES = { group: '', version: 'v1', plural: 'nodes' } as const;

/** What outlives the process: how often the configuration was taken away again, and who had cordoned the node. */
type Memory = { readonly turn: number; readonly cordoned: boolean };

interface Scene {
  readonly context: ApplyContext;
  readonly params: SwitchParams;
  readonly kube: Kube;
  readonly conf: Conf;
  readonly memory: Memory;
}

const isCordoned = async (
  kube: Pick<Kube, 'get'>,
  node: string,
  signal: AbortSignal,
): Promise<Result<boolean, StepFailure>> => {
  const found = await kube.get({ resource: NODES, name: node }, { signal });
  if (!found.ok) return err(failureOfKube(found.error, `cannot look at ${node}`));
  return ok((found.value['spec'] as { readonly unschedulable?: boolean }).unschedulable === true);
};

const stalePods = async (kube: Pick<Kube, 'list'>, { node, input }: SwitchParams, signal: AbortSignal) => {
  const pods = await listNetworkPods(kube, { node }, signal);
  if (!pods.ok) return pods;
  return ok(
    pods.value.filter(
      ({ address, over }) => !over && address !== undefined && !cidrHasAddress(input.pool, address),
    ),
  );
};

const recreate = (
  { context, params, kube }: Scene,
  stale: (address: string) => boolean,
  limitSeconds: number,
) => {
  const { run, takesBack, clock, progress, signal } = context;
  const runs: [string, ...string[]] = [run, ...(takesBack === undefined ? [] : [takesBack.run])];
  return recreatePods(
    { kube, clock, progress, signal, bare: bareStore(context, runs) },
    { node: params.node, stale, which: () => true, limitMs: limitSeconds * 1000 },
  );
};

const giveBack = ({ context, params, memory }: Scene): Promise<Result<void, StepFailure>> =>
  params.cordon && !memory.cordoned ? cordon(context, params.node, false) : Promise.resolve(ok(undefined));

/** A new pod proves the node’s new network before any pod of the users is touched. */
const changeProven = async (scene: Scene): Promise<Result<PairProof, StepFailure>> => {
  const { context, params, kube } = scene;
  const { node, image, limitSeconds, input, prove } = params;
  const cordoned = await cordon(context, node, true);
  if (!cordoned.ok) return cordoned;
  const put = await putConf(context, scene.conf);
  if (!put.ok) return put;
  const fits = (address: string): boolean => cidrHasAddress(input.pool, address);
  const proof = await provePairs(
    { ...context, kube },
    { node, image, fits, onlyFitting: prove === 'changed', limitMs: limitSeconds * 1000 },
  );
  if (!proof.ok) return proof;
  const back = await giveBack(scene);
  return back.ok ? proof : back;
};

const changeAtOnce = async ({ context, conf }: Scene): Promise<Result<PairProof, StepFailure>> => {
  const put = await putConf(context, conf);
  return put.ok ? ok({ peers: [], left: [] }) : put;
};

const change = async (scene: Scene): Promise<Result<PairProof, StepFailure>> => {
  const { params } = scene;
  const proof = await (params.cordon ? changeProven(scene) : changeAtOnce(scene));
  if (!proof.ok) return proof;
  const stale = (address: string): boolean => !cidrHasAddress(params.input.pool, address);
  const recreated = await recreate(scene, stale, params.limitSeconds);
  return recreated.ok ? proof : recreated;
};

/** The node goes back to the former network: its configuration counts again, its pods get its addresses. */
const putBack = async (scene: Scene): Promise<Result<void, StepFailure>> => {
  const { context, params } = scene;
  const dropped = await dropConf(context, scene.conf);
  if (!dropped.ok) return dropped;
  const back = await giveBack(scene);
  if (!back.ok) return back;
  const stale = (address: string): boolean => cidrHasAddress(params.input.pool, address);
  const done = await recreate(scene, stale, params.limitSeconds);
  return done.ok ? ok(undefined) : done;
};

/** A node that cannot be moved is put back; where a person must decide, or the API is away, it stays as it is. */
const afterFailure = async (scene: Scene, failure: StepFailure): Promise<StepFailure> => {
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

const refusal = (state: SwitchState | undefined, { node, input }: SwitchParams): StepFailure | undefined => {
  if (state === undefined || state.folders.includes(input.confDir.replace(/\/$/, ''))) return undefined;
  return {
    class: 'permanent',
    code: 'cni-conf-refused',
    host: node,
    message: `${node}: its runtime does not read ${input.confDir}`,
    cause: `it reads ${sentence(state.folders) || 'no folder that is known'}`,
  };
};

const recipeOf = ({ driver }: SwitchParams): NetworkRecipe => {
  const recipe = recipes[driver];
  if (recipe === undefined) throw new Error(`no recipe of ${driver}`);
  return recipe;
};

const sceneOf = async (context: ApplyContext, params: SwitchParams): Promise<Result<Scene, StepFailure>> => {
  const kube = await context.kube();
  if (!kube.ok) return kube;
  const cordoned = await isCordoned(kube.value, params.node, context.signal);
  if (!cordoned.ok) return cordoned;
  const memory = (context.resumed as Memory | undefined) ?? { turn: 0, cordoned: cordoned.value };
  if (context.resumed === undefined) await context.checkpoint(memory);
  const conf = { recipe: recipeOf(params), input: params.input, turn: memory.turn };
  return ok({ context, params, kube: kube.value, conf, memory });
};

const proofText = ({ peers, left }: PairProof): string =>
  [
    ...(peers.length === 0 ? [] : [`both directions to ${sentence(peers)}`]),
    ...(left.length === 0 ? [] : [`not asked: ${sentence(left)}`]),
  ].join('; ');

/**
 * Moves one node to a network that runs beside the former one: its runtime gets the new configuration, a new pod proves
 * both directions to every other node, then the node’s pods are recreated.
 */
export const cniSwitch = defineStep<SwitchParams, SwitchState>({
  id: 'cni.switch',
  title: switchTitle,
  scope: 'host',
  reads: ['cni', 'kubernetes'],
  risk: 'high',
  replay: 'converges',
  undo: { kind: 'inverse' },
  expected: { seconds: 15, interruption: 'pods of the node start again, 3 to 5 s each' },
  timeoutMs: 3_600_000,
  retry: 'transient',
  disruptive: false,
  observe: switchState,
  diff: switchDiff,
  apply: async (context, params, state) => {
    const refused = refusal(state, params);
    if (refused !== undefined) return err(refused);
    const scene = await sceneOf(context, params);
    if (!scene.ok) return scene;
    const stale = await stalePods(scene.value.kube, params, context.signal);
    if (!stale.ok) return stale;
    const cordoned = await isCordoned(scene.value.kube, params.node, context.signal);
    if (!cordoned.ok) return cordoned;
    const proven = !params.cordon || cordoned.value === scene.value.memory.cordoned;
    if (state?.conf === true && stale.value.length === 0 && proven) return ok({});
    const changed = await change(scene.value);
    if (!changed.ok) return err(await afterFailure(scene.value, changed.error));
    return ok({ proof: proofText(changed.value) });
  },
  verify: async (context, params) => {
    const name = context.subject.host ?? '';
    const { input, node } = params;
    const first = await context
      .read(name)
      .read(`ls '${input.confDir}' | grep -E '\\.(conf|conflist|json)$' | LC_ALL=C sort | head -n 1`);
    if (!first.ok) return first;
    if (first.value.stdout.trim() !== recipeOf(params).confName)
      return notHeld(name, `its runtime reads ${first.value.stdout.trim() || 'nothing'} first`);
    const kube = await context.kube();
    if (!kube.ok) return kube;
    const stale = await stalePods(kube.value, params, context.signal);
    if (!stale.ok) return stale;
    if (stale.value.length > 0)
      return notHeld(name, `pods outside ${input.pool}`, sentence(stale.value.map(podName)));
    const proof = context.outputs?.['proof'];
    const tried = typeof proof === 'string' && proof !== '' ? `; ${proof}` : '';
    return ok({ text: `all pods of ${node} are in ${input.pool}${tried}` });
  },
  revert: async (context, params, before) => {
    if (before?.conf === true) return ok(undefined);
    const scene = await sceneOf(context, params);
    if (!scene.ok) return scene;
    const held = params.cordon ? await cordon(context, params.node, true) : ok(undefined);
    return held.ok ? putBack(scene.value) : held;
  },
});
