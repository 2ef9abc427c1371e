import { readFile } from 'node:fs/promises';
import { sha256 } from '../../core/canonical.js';
import type { HostTarget, RunOutput, Transport } from '../../core/ports/transport.js';
import { err, ok, type Result } from '../../core/result.js';
import { shellQuote } from '../../core/shell.js';
import { printable } from '../../core/text.js';
import type { CommandOutput, FileGoal, HostEffects, HostReads } from '../../steps/effects.js';
import type { StepFailure } from '../../steps/failure.js';
import { confirmScript, unitScript, uploadScript } from './compose.js';
import { failureOfStatus, failureOfTransport } from './failures.js';
import { type Saved, splitSaved } from './saved.js';

export interface EffectsInput {
  readonly transport: Transport;
  readonly target: HostTarget;
  readonly run: string;
  readonly action: string;
  readonly cluster: string;
  readonly fencing: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Told what the host says about saved things after a change; resolves when the journal has it. Absent = no journal. */
  readonly saved?: (saved: Saved) => Promise<void>;
}

type Outcome = Result<CommandOutput, StepFailure>;

const outputOf = (output: RunOutput): CommandOutput => ({
  status: output.status,
  stdout: output.stdout.toString('utf8'),
  stderr: printable(output.stderr.toString('utf8')),
});

/** Reading only: what inspect and verify get. */
export const hostReads = (
  input: Pick<EffectsInput, 'transport' | 'target' | 'timeoutMs' | 'signal'>,
): HostReads => ({
  read: async (script, options = {}) => {
    const limits = { timeoutMs: options.timeoutMs ?? input.timeoutMs, signal: input.signal };
    const result = await input.transport.run(input.target, { text: script, title: 'read' }, limits);
    return result.ok ? ok(outputOf(result.value)) : err(failureOfTransport(result.error));
  },
});

const fileLine = (goal: FileGoal, line: number): string =>
  goal.content === undefined
    ? `drop_file ${shellQuote(goal.path)} || exit 73`
    : `put_file ${shellQuote(goal.path)} ${goal.mode ?? '0644'} ${goal.owner ?? 'root:root'} ${goal.immutable === true ? 'immutable' : 'plain'} ${line} || exit 73`;

const withoutOutput = (outcome: Outcome): Result<void, StepFailure> => (outcome.ok ? ok(undefined) : outcome);

/** A new connection takes a second or two; a filter that swallows it is known after ten. */
const CONFIRM_MS = 10_000;

const lockedOut = (failure: StepFailure): StepFailure =>
  failure.class === 'unsafe'
    ? failure
    : {
        ...failure,
        class: 'permanent',
        code: 'host-locked-out',
        message: `${failure.host ?? 'the host'} takes no new connection after the change`,
        cause: failure.message,
        hint: 'the host puts back what was there before by itself when its timer ends; then look at it again',
      };

/**
 * Changes on one host for one attempt of one action. Calls are numbered in their order, so that a resumed attempt
 * finds the results of the calls that an earlier attempt made.
 */
export const hostEffects = (input: EffectsInput): HostEffects => {
  const { target, run, action, cluster, fencing } = input;
  let calls = 0;

  const send = async (
    title: string,
    text: string,
    data: string | Uint8Array,
    timeoutMs: number,
  ): Promise<Outcome> => {
    const result = await input.transport.run(
      target,
      { text, data, title },
      { timeoutMs, signal: input.signal },
    );
    if (!result.ok) return err(failureOfTransport(result.error));
    const whole = outputOf(result.value);
    const { stdout, saved } = splitSaved(whole.stdout);
    if (saved !== undefined) await input.saved?.(saved);
    const output = { ...whole, stdout };
    const failure = failureOfStatus(output, target.name);
    return failure === undefined ? ok(output) : err(failure);
  };

  const change: HostEffects['change'] = (script, options = {}) => {
    calls += 1;
    const data = Buffer.from(options.data ?? '').toString('base64');
    const { deadManSeconds } = options;
    const call = { run, action, number: calls, cluster, fencing, script };
    const guarded = deadManSeconds === undefined ? call : { ...call, deadManSeconds };
    const text = unitScript(guarded, data.length);
    return send(options.title ?? action, text, data, options.timeoutMs ?? input.timeoutMs);
  };

  const confirm: HostEffects['confirm'] = async () => {
    const text = confirmScript({ run, action, cluster, fencing });
    const title = `log in anew for ${action}`;
    const limits = { timeoutMs: CONFIRM_MS, signal: input.signal, fresh: true };
    const result = await input.transport.run(target, { text, title }, limits);
    if (!result.ok) return err(lockedOut(failureOfTransport(result.error)));
    const failure = failureOfStatus(outputOf(result.value), target.name);
    return failure === undefined ? ok(undefined) : err(failure);
  };

  const files: HostEffects['files'] = async (goals) => {
    const lines = goals.map((goal) => Buffer.from(goal.content ?? '').toString('base64'));
    const script = goals.map((goal, index) => fileLine(goal, index + 1)).join('\n');
    const outcome = await change(script, {
      data: `${lines.join('\n')}\n`,
      title: `write ${goals.map(({ path }) => path).join(', ')}`,
    });
    if (!outcome.ok || outcome.value.status === 0) return withoutOutput(outcome);
    return err({
      class: 'permanent',
      code: 'host-write-failed',
      host: target.name,
      message: `cannot write on ${target.name}`,
      cause: outcome.value.stderr,
    });
  };

  const keepUnit: HostEffects['keepUnit'] = async (unit) => {
    const script = `save_unit ${shellQuote(unit)} || exit 73`;
    return withoutOutput(await change(script, { title: `keep ${unit}` }));
  };

  const upload: HostEffects['upload'] = async (local, goal) => {
    const data = await readFile(local);
    if (sha256(data) !== goal.sha256) {
      return err({
        class: 'permanent',
        code: 'upload-source-changed',
        message: `${local} is not the file that was planned`,
      });
    }
    const call = {
      run,
      action,
      cluster,
      fencing,
      path: goal.path,
      mode: goal.mode ?? '0644',
      owner: goal.owner ?? 'root:root',
      sha256: goal.sha256,
      bytes: data.length,
    };
    return withoutOutput(await send(`upload ${goal.path}`, uploadScript(call), data, input.timeoutMs));
  };

  return { ...hostReads(input), change, confirm, files, keepUnit, upload };
};
