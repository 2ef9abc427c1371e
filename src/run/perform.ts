import type { Json } from '../core/canonical.js';
import { err, ok, type Result } from '../core/result.js';
import type { CollectorId, HostFacts } from '../facts/model/host-facts.js';
import type { Action } from '../plan/model.js';
import type { HostEffects, HostReads } from '../steps/effects.js';
import type { StepFailure } from '../steps/failure.js';
import type { AnyStep, ApplyContext, Subject, VerifyContext, World } from '../steps/step.js';
import type { Performed, PerformInput } from './execute.js';
import { resolveParams } from './references.js';

/** What performing needs of the outside; every member is a port or made from one. */
export interface PerformPorts {
  readonly step: (id: string) => AnyStep | undefined;
  /** Runs collectors again on hosts and gives the whole world with these sections renewed. */
  readonly observe: (
    hosts: readonly string[],
    reads: readonly CollectorId[],
    signal: AbortSignal,
  ) => Promise<World>;
  readonly effects: (action: Action, host: string, signal: AbortSignal) => HostEffects;
  readonly reads: (action: Action, host: string, signal: AbortSignal) => HostReads;
  readonly secret: (handle: string) => Promise<Result<Uint8Array, StepFailure>>;
  readonly checkpoint: (action: string, value: Json) => Promise<void>;
  readonly progress: (action: string, host: string | undefined, text: string) => void;
}

const subjectOf = (action: Action): Subject => ({
  hosts: action.hosts,
  ...(action.host === undefined ? {} : { host: action.host }),
});

const hostsOf = (action: Action): readonly string[] =>
  action.host === undefined ? action.hosts : [action.host];

const unseen = (
  world: World,
  hosts: readonly string[],
  reads: readonly CollectorId[],
): StepFailure | undefined => {
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

/**
 * Performs one action: looks again (the world may have moved since the plan, or an earlier attempt may have done
 * it), changes only what does not hold, and proves that it holds afterwards.
 */
export const perform =
  (ports: PerformPorts) =>
  async ({ action, checkpoint, outputs, signal }: PerformInput): Promise<Result<Performed, StepFailure>> => {
    const step = ports.step(action.step);
    if (step === undefined)
      return err({
        class: 'unsafe',
        code: 'step-unknown',
        message: `this version has no step ${action.step}`,
      });
    const params = resolveParams(action.params, outputs);
    if (!params.ok) return params;
    const subject = subjectOf(action);
    const timeout = AbortSignal.any([signal, AbortSignal.timeout(step.timeoutMs)]);
    const world = await ports.observe(hostsOf(action), step.reads, timeout);
    const blind = unseen(world, hostsOf(action), step.reads);
    if (blind !== undefined) return err(blind);
    const state: unknown = step.observe(world, subject, params.value);
    const verifying: VerifyContext = {
      subject,
      world,
      signal: timeout,
      read: (host) => ports.reads(action, host, timeout),
    };
    if (state !== undefined && step.diff(state, params.value).length === 0) {
      const proof = await step.verify(verifying, params.value);
      return proof.ok ? ok({ result: 'held', outputs: {}, proof: proof.value.text }) : proof;
    }
    const context: ApplyContext = {
      subject,
      world,
      on: (host) => {
        if (!hostsOf(action).includes(host)) throw new Error(`${action.id} may not touch ${host}`);
        return ports.effects(action, host, timeout);
      },
      secret: ports.secret,
      progress: (text) => ports.progress(action.id, action.host, text),
      checkpoint: (value) => ports.checkpoint(action.id, value),
      resumed: checkpoint,
      signal: timeout,
    };
    const applied = await step.apply(context, params.value, state);
    if (!applied.ok) return applied;
    const proof = await step.verify(verifying, params.value);
    return proof.ok ? ok({ result: 'changed', outputs: applied.value, proof: proof.value.text }) : proof;
  };
