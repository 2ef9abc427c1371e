import type { Json } from '../../core/canonical.js';
import { err, ok, type Result } from '../../core/result.js';
import type { CommandOutput } from '../../steps/effects.js';
import type { StepFailure } from '../../steps/failure.js';
import { lastWords } from '../../steps/outcome.js';
import { type AnyStep, type ApplyContext, defineStep, type Subject } from '../../steps/step.js';
import { surveyScript, undoScript } from '../remote/compose.js';
import type { Saved } from '../remote/saved.js';
import { isPending, parseSurvey } from './survey.js';

/** What an action that takes another one back needs to know. */
export type UndoParams = {
  /** The run and the action that are taken back. */
  readonly run: string;
  readonly action: string;
  readonly params: Json;
  /** What an action with an inverse found; null = it never came to change anything. */
  readonly former: Json;
  readonly overwrite: boolean;
  readonly dataAgreed: boolean;
  readonly leaveDamaged?: boolean;
  /** What the journal knows of saved things, by host. */
  readonly saved?: Readonly<Record<string, Saved>>;
};

const PREFIX = 'undo:';

const hostsOf = ({ host, hosts }: Subject): readonly string[] => (host === undefined ? hosts : [host]);

const refused = (host: string, { status, stderr }: CommandOutput): StepFailure | undefined => {
  const cause = stderr.trim().split('\n').join('; ');
  if (status === 21)
    return {
      class: 'person',
      code: 'rollback-foreign',
      host,
      message: `${host}: others have changed what the run left`,
      cause,
      hint: '--overwrite puts the former state back all the same',
    };
  if (status === 22)
    return {
      class: 'person',
      code: 'rollback-damaged',
      host,
      message: `${host}: what the run saved is damaged`,
      cause,
      hint: 'put it back by hand and roll back again, or leave it as it is with --leave-damaged',
    };
  if (status === 20)
    return {
      class: 'person',
      code: 'rollback-data',
      host,
      message: `${host}: data would be deleted that nobody agreed to lose`,
      cause,
      hint: 'roll back again: the plan then names the data and asks for the name of the cluster',
    };
  return undefined;
};

const putBack = async (
  context: ApplyContext,
  host: string,
  call: UndoParams,
): Promise<Result<void, StepFailure>> => {
  const script = undoScript({ ...call, leaveDamaged: call.leaveDamaged === true, saved: call.saved?.[host] });
  const done = await context.on(host).change(script, { title: `put back ${call.action}` });
  if (!done.ok) return done;
  if (done.value.status === 0) return ok(undefined);
  const words = done.value.stdout.split('\n').filter((line) => line.endsWith(' failed'));
  return err(
    refused(host, done.value) ?? {
      class: 'permanent',
      code: 'rollback-not-put-back',
      host,
      message: `${host}: not everything could be put back`,
      cause: [...words, lastWords(done.value)].filter(Boolean).join('; '),
    },
  );
};

/** Whether it leaves something on its hosts, rather than in the cluster or on the operator's machine. */
const onHosts = ({ scope }: AnyStep): boolean => scope !== 'cluster' && scope !== 'operator';

/** The step that takes another one back: its inverse first, then everything that it saved on its hosts. */
const undoStep = (step: AnyStep): AnyStep =>
  defineStep<UndoParams, null>({
    id: `${PREFIX}${step.id}`,
    title: ({ params }) => `Take back: ${step.title(params)}`,
    scope: step.scope,
    reads: step.revert === undefined ? [] : step.reads,
    risk: step.risk,
    replay: 'converges',
    undo: step.undo,
    expected: step.expected,
    timeoutMs: Math.max(step.timeoutMs, 300_000),
    retry: 'transient',
    disruptive: step.disruptive,
    // What there is to put back lies on the hosts, where it is judged anew.
    observe: () => undefined,
    diff: (_state, { action }) => [{ kind: 'unknown', what: action }],
    apply: async (context, call) => {
      if (step.revert !== undefined && call.former !== null) {
        const { run, action, overwrite, dataAgreed } = call;
        const scene = { ...context, takesBack: { run, action, overwrite, dataAgreed } };
        const reverted = await step.revert(scene, call.params, call.former);
        if (!reverted.ok) return reverted;
      }
      for (const host of onHosts(step) ? hostsOf(context.subject) : []) {
        const done = await putBack(context, host, call);
        if (!done.ok) return done;
      }
      return ok({});
    },
    verify: async ({ subject, read }, { run, action }) => {
      const hosts = onHosts(step) ? hostsOf(subject) : [];
      const counts: number[] = [];
      for (const host of hosts) {
        const seen = await read(host).read(surveyScript(run, [action]));
        if (!seen.ok) return seen;
        const things = parseSurvey(seen.value.stdout).get(action) ?? [];
        const pending = things.filter(isPending);
        if (pending.length > 0)
          return err({
            class: 'permanent',
            code: 'rollback-not-put-back',
            host,
            message: `${host}: not everything is as it was`,
            cause: pending.map(({ kind, name, now }) => `${kind} ${name} is ${now}`).join('; '),
          });
        counts.push(things.length);
      }
      const total = counts.reduce((sum, count) => sum + count, 0);
      return ok({ text: hosts.length === 0 ? 'put back' : `${total} things are as they were found` });
    },
  });

/** Id of the step that takes the step of this id back. */
export const undoStepId = (id: string): string => `${PREFIX}${id}`;

/** Looks a step up; `undo:X` is the way back of X. */
export const withUndo =
  (stepOf: (id: string) => AnyStep | undefined) =>
  (id: string): AnyStep | undefined => {
    if (!id.startsWith(PREFIX)) return stepOf(id);
    const step = stepOf(id.slice(PREFIX.length));
    return step === undefined ? undefined : undoStep(step);
  };
