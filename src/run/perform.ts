import type { Json } from '../core/canonical.js';
import type { Clock } from '../core/ports/clock.js';
import type { Kube } from '../core/ports/kube.js';
import { err, ok, type Result } from '../core/result.js';
import { joinSignals } from '../core/signals.js';
import type { HostFacts } from '../facts/model/host-facts.js';
import type { Action } from '../plan/model.js';
import type { HostEffects, HostReads } from '../steps/effects.js';
import type { StepFailure } from '../steps/failure.js';
import type { ItemLog } from '../steps/items.js';
import { readingOnly } from '../steps/kube-reads.js';
import type { ObjectSource } from '../steps/objects/source.js';
import { lookingOnly, type OperatorEffects } from '../steps/operator-effects.js';
import {
  type AnyStep,
  type ApplyContext,
  isCollector,
  type Read,
  readsOf,
  type SecretHandle,
  type Subject,
  type VerifyContext,
  type World,
} from '../steps/step.js';
import type { Performed, PerformInput } from './execute.js';
import type { ActionMemory } from './progress.js';
import { resolveParams } from './references.js';

/** What performing needs of the outside; every member is a port or made from one. */
export interface PerformPorts {
  /** Id of the run. */
  readonly run: string;
  readonly step: (id: string) => AnyStep | undefined;
  /** Runs collectors again on hosts and gives the whole world with these sections renewed. */
  readonly observe: (hosts: readonly string[], reads: readonly Read[], signal: AbortSignal) => Promise<World>;
  readonly effects: (action: Action, host: string, signal: AbortSignal) => HostEffects;
  readonly reads: (action: Action, host: string, signal: AbortSignal) => HostReads;
  readonly secret: (handle: string) => Promise<Result<Uint8Array, StepFailure>>;
  readonly keepSecret: (handle: string, value: Uint8Array) => Promise<Result<SecretHandle, StepFailure>>;
  /** The cluster's API through a server that is ready; see `ApplyContext.kube`. */
  readonly kube: (action: Action, signal: AbortSignal) => Promise<Result<Kube, StepFailure>>;
  /** The operator's own machine; see `ApplyContext.operator`. */
  readonly operator: (signal: AbortSignal) => OperatorEffects;
  /** Objects of a bundle; see `ApplyContext.objects`. */
  readonly objects: () => Promise<Result<ObjectSource, StepFailure>>;
  /** Object sets, and what seals the states that they change; absent = the run knows no sets. */
  readonly sets?: Pick<ApplyContext, 'set' | 'sealer'>;
  readonly clock: Clock;
  readonly checkpoint: (action: string, value: Json) => Promise<void>;
  readonly items: (action: string, memory: ActionMemory) => ItemLog;
  readonly itemsOf: ApplyContext['itemsOf'];
  /** Writes down the state that an action with an inverse found, before it changes anything. */
  readonly former: (action: string, state: Json) => Promise<void>;
  readonly progress: (action: string, host: string | undefined, text: string) => void;
}

const subjectOf = (action: Action): Subject => ({
  hosts: action.hosts,
  ...(action.host === undefined ? {} : { host: action.host }),
});

const hostsOf = (action: Action): readonly string[] =>
  action.host === undefined ? action.hosts : [action.host];

const unseen = (world: World, hosts: readonly string[], all: readonly Read[]): StepFailure | undefined => {
  const reads = all.filter(isCollector);
  if (reads.length === 0) return undefined;
  for (const host of hosts) {
    const facts: HostFacts | undefined = world.hosts.get(host);
    if (facts?.contact.state === 'failed') {
      return {
        class: 'transient',
        code: 'ssh-unreachable',
        host,
        message: `${host} cannot be reached: ${facts.contact.detail}`,
      };
    }
    const missing = reads.find((id) => facts?.sections[id]?.value === undefined);
    if (missing !== undefined)
      return {
        class: 'permanent',
        code: 'host-not-observed',
        host,
        message: `${host}: ${missing} could not be observed`,
      };
  }
  return undefined;
};

/** What is needed to look at one action's subject and to change it, within the step's time limit. */
interface Scene {
  readonly ports: PerformPorts;
  readonly step: AnyStep;
  readonly action: Action;
  readonly params: Json;
  readonly mayStart: PerformInput['mayStart'];
  readonly signal: AbortSignal;
}

const noSets = () =>
  Promise.resolve(
    err<StepFailure>({ class: 'permanent', code: 'sets-unknown', message: 'this run knows no object sets' }),
  );

const verifyContext = ({ ports, step, action, params, signal }: Scene, world: World): VerifyContext => ({
  subject: subjectOf(action),
  world,
  again: () => ports.observe(hostsOf(action), readsOf(step, params), signal),
  signal,
  read: (host) => ports.reads(action, host, signal),
  kube: async () => {
    const kube = await ports.kube(action, signal);
    return kube.ok ? ok(readingOnly(kube.value)) : kube;
  },
  operator: lookingOnly(ports.operator(signal)),
});

const applyContext = (
  { ports, action, signal }: Scene,
  world: World,
  memory: ActionMemory,
): ApplyContext => ({
  run: ports.run,
  subject: subjectOf(action),
  world,
  on: (host) => {
    if (!hostsOf(action).includes(host)) throw new Error(`${action.id} may not touch ${host}`);
    return ports.effects(action, host, signal);
  },
  kube: () => ports.kube(action, signal),
  operator: ports.operator(signal),
  objects: ports.objects,
  set: ports.sets?.set ?? noSets,
  sealer: ports.sets?.sealer ?? noSets,
  secret: ports.secret,
  keepSecret: ports.keepSecret,
  clock: ports.clock,
  progress: (text) => ports.progress(action.id, action.host, text),
  checkpoint: (value) => ports.checkpoint(action.id, value),
  resumed: memory.checkpoint,
  items: ports.items(action.id, memory),
  itemsOf: ports.itemsOf,
  signal,
});

const performIn = async (scene: Scene, memory: ActionMemory): Promise<Result<Performed, StepFailure>> => {
  const { ports, step, action, params, signal } = scene;
  const reads = readsOf(step, params);
  const world = await ports.observe(hostsOf(action), reads, signal);
  const blind = unseen(world, hostsOf(action), reads);
  if (blind !== undefined) return err(blind);
  const state: unknown = step.observe(world, subjectOf(action), params);
  const verifying = verifyContext(scene, world);
  if (state !== undefined && step.diff(state, params).length === 0) {
    const proof = await step.verify(verifying, params);
    if (proof.ok)
      return ok({ result: 'held', outputs: step.outputs?.(state, params) ?? {}, proof: proof.value.text });
    // What is there but cannot be proven yet may still be coming up: applying waits for it, and changes what does not hold.
    if (proof.error.class !== 'permanent') return proof;
  }
  const refusal = await scene.mayStart();
  if (refusal !== undefined) return err(refusal);
  if (step.undo.kind === 'inverse' && state !== undefined) await ports.former(action.id, state as Json);
  const applied = await step.apply(applyContext(scene, world, memory), params, state);
  if (!applied.ok) return applied;
  const proof = await step.verify({ ...verifying, outputs: applied.value }, params);
  return proof.ok ? ok({ result: 'changed', outputs: applied.value, proof: proof.value.text }) : proof;
};

/**
 * Performs one action: looks again (the world may have moved since the plan, or an earlier attempt may have done
 * it), changes only what does not hold, and proves that it holds afterwards.
 */
export const perform =
  (ports: PerformPorts) =>
  async (input: PerformInput): Promise<Result<Performed, StepFailure>> => {
    const { action, memory, outputs, mayStart } = input;
    const step = ports.step(action.step);
    if (step === undefined)
      return err({
        class: 'unsafe',
        code: 'step-unknown',
        message: `this version has no step ${action.step}`,
      });
    const params = resolveParams(action.params, outputs);
    if (!params.ok) return params;
    const limit = joinSignals([input.signal], step.timeoutMs);
    const { signal } = limit;
    try {
      return await performIn({ ports, step, action, params: params.value, mayStart, signal }, memory);
    } finally {
      limit.release();
    }
  };
