import { sha256 } from '../../core/canonical.js';
import { err, ok, type Result } from '../../core/result.js';
import type { CommandOutput } from '../effects.js';
import type { StepFailure } from '../failure.js';
import { defineStep } from '../step.js';
import { failureOfStart, type Service, STARTED, startScript } from './start.js';
import { type K3sRole, unitOf } from './unit.js';

type State = { readonly active: boolean; readonly enabled: boolean; readonly stamp: string | null };

const done = (
  role: K3sRole,
  host: string,
  outcome: Result<CommandOutput, StepFailure>,
): Result<Record<string, never>, StepFailure> =>
  !outcome.ok
    ? outcome
    : outcome.value.status === 0
      ? ok({})
      : err(failureOfStart(role, host, outcome.value));

const service = (role: K3sRole) =>
  defineStep<Service, State>({
    id: `k3s.${role}`,
    title: () =>
      role === 'server'
        ? 'Start the K3s server and wait until etcd counts it as a voter'
        : 'Start the K3s agent and wait until its node is known',
    scope: 'host',
    reads: ['units', 'files'],
    risk: role === 'server' ? 'medium' : 'low',
    replay: 'converges',
    undo: { kind: 'restorePoint' },
    expected: { seconds: role === 'server' ? 15 : 6 },
    timeoutMs: 330_000,
    retry: 'transient',
    disruptive: role === 'server',
    observe: (world, subject) => {
      const sections = world.hosts.get(subject.host ?? '')?.sections;
      const units = sections?.units?.value;
      const files = sections?.files?.value;
      if (units === undefined || files === undefined) return undefined;
      const unit = units[unitOf(role)];
      return {
        active: unit?.active === 'active',
        enabled: unit?.enabled === 'enabled',
        stamp: files[STARTED]?.digest ?? null,
      };
    },
    diff: (state, params) => {
      const what = `${unitOf(role)}.service`;
      if (state === undefined) return [{ kind: 'unknown', what }];
      if (!state.active || !state.enabled) return [{ kind: 'run', what, after: 'enabled and started' }];
      return state.stamp === sha256(`${params.stamp}\n`)
        ? []
        : [{ kind: 'run', what, after: 'restarted with the new configuration' }];
    },
    apply: async (context, params) => {
      const name = context.subject.host ?? '';
      const host = context.on(name);
      const kept = await host.keepUnit(`${unitOf(role)}.service`);
      if (!kept.ok) return kept;
      context.progress('waiting until the node is ready');
      return done(
        role,
        name,
        await host.change(startScript(params, 300), { title: 'start K3s', timeoutMs: 330_000 }),
      );
    },
    verify: async (context) => {
      const name = context.subject.host ?? '';
      const seen = await context
        .read(name)
        .read(`systemctl is-active ${unitOf(role)} && systemctl is-enabled ${unitOf(role)}`);
      if (!seen.ok) return seen;
      if (seen.value.status === 0) return ok({ text: `${unitOf(role)} is active and enabled` });
      return err({
        class: 'permanent',
        code: 'k3s-start-failed',
        host: name,
        message: `${name}: ${unitOf(role)} is ${seen.value.stdout.trim().replace('\n', ', ')}`,
      });
    },
  });

/** A server: started alone, gated by /readyz and by its etcd member being a voter. */
export const k3sServer = service('server');

/** An agent: gated by its node being known to the API. */
export const k3sAgent = service('agent');
