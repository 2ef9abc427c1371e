import { err, ok, type Result } from '../../core/result.js';
import { sentence } from '../../core/text.js';
import { cordon } from '../cordon.js';
import type { StepFailure } from '../failure.js';
import { notHeld } from '../outcome.js';
import { defineStep, type VerifyContext } from '../step.js';
import { podName } from './network-pods.js';
import type { PairProof } from './prove.js';
import { afterFailure, changeNode, isChanged, putBack, recipeOf, sceneOf, stalePods } from './switch-node.js';
import { type SwitchParams, type SwitchState, switchDiff, switchState, switchTitle } from './switch-state.js';

const refusal = ({ folders }: SwitchState, { node, input }: SwitchParams): StepFailure | undefined => {
  if (folders.includes(input.confDir.replace(/\/$/, ''))) return undefined;
  return {
    class: 'permanent',
    code: 'cni-conf-refused',
    host: node,
    message: `${node}: its runtime does not read ${input.confDir}`,
    cause: `it reads ${sentence(folders) || 'no folder that is known'}`,
  };
};

const proofText = ({ peers, left }: PairProof): string =>
  [
    ...(peers.length === 0 ? [] : [`both directions to ${sentence(peers)}`]),
    ...(left.length === 0 ? [] : [`not required: ${sentence(left)}`]),
  ].join('; ');

/** The configuration that the host’s runtime takes now. */
const readsFirst = async (
  { read }: VerifyContext,
  host: string,
  confDir: string,
): Promise<Result<string, StepFailure>> => {
  const script = `ls '${confDir}' | grep -E '\\.(conf|conflist|json)$' | LC_ALL=C sort | head -n 1`;
  const seen = await read(host).read(script);
  return seen.ok ? ok(seen.value.stdout.trim()) : seen;
};

/**
 * Moves one node to a network that runs beside the former one: its runtime gets the new configuration, a new pod proves
 * both directions to every other node, then the node’s pods are recreated.
 */
export const cniSwitch = defineStep<SwitchParams, SwitchState>({
  id: 'cni.switch',
  title: switchTitle,
  scope: 'host',
  reads: ['cni', 'kubernetes', 'cluster'],
  risk: 'medium',
  replay: 'converges',
  undo: { kind: 'inverse' },
  expected: { seconds: 15, interruption: 'pods of the node start again, 3 to 5 s each' },
  timeoutMs: 3_600_000,
  retry: 'transient',
  disruptive: false,
  observe: switchState,
  diff: switchDiff,
  apply: async (context, params, state) => {
    if (state === undefined) return notHeld(params.node, 'it could not be seen what its runtime reads');
    const refused = refusal(state, params);
    if (refused !== undefined) return err(refused);
    const scene = await sceneOf(context, params, state);
    if (!scene.ok) return scene;
    const done = await isChanged(scene.value, state);
    if (!done.ok) return done;
    if (done.value) return ok({});
    const changed = await changeNode(scene.value, state);
    if (!changed.ok) return err(await afterFailure(scene.value, changed.error));
    return ok({ proof: proofText(changed.value) });
  },
  verify: async (context, params) => {
    const name = context.subject.host ?? '';
    const { input, node } = params;
    const first = await readsFirst(context, name, input.confDir);
    if (!first.ok) return first;
    if (first.value !== recipeOf(params).confName)
      return notHeld(name, `its runtime reads ${first.value || 'nothing'} first`);
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
    if (before === undefined || before.conf) return ok(undefined);
    const scene = await sceneOf(context, params, before);
    if (!scene.ok) return scene;
    const held = params.cordon ? await cordon(context, params.node, true) : ok(undefined);
    return held.ok ? putBack(scene.value) : held;
  },
});
