import { z } from 'zod';
import { digest } from '../core/canonical.js';
import { err, ok, type Result } from '../core/result.js';
import { outsideEnvelope } from '../plan/envelope.js';
import { type Action, actionSchema, type Stage } from '../plan/model.js';
import type { StepFailure } from '../steps/failure.js';

/** The actions of a stage when it starts. */
export interface StartedStage {
  readonly actions: readonly Action[];
  /** They were planned just now and belong into the journal. */
  readonly fresh: boolean;
  /** Digest by which a person agreed to what lies outside the envelope. */
  readonly accepted?: string;
}

export interface StartStage {
  /** The command that goes on with the run. */
  readonly resume: string;
  readonly stage: Stage;
  /** Actions that an earlier life planned for this stage. */
  readonly planned: readonly unknown[] | undefined;
  readonly replan: (stage: Stage) => Promise<Result<readonly Action[], StepFailure>>;
  readonly accept: string | undefined;
}

const leftEnvelope = (
  { resume, stage }: StartStage,
  reasons: readonly string[],
  mark: string,
): StepFailure => ({
  class: 'person',
  code: 'run-left-envelope',
  message: `stage ${stage.name} would do more than the plan allowed`,
  cause: reasons.join('\n'),
  hint: `${resume} --accept ${mark}`,
});

/**
 * Fixed point b: the current stage is bound to facts already; a later one is planned when it starts, and the run
 * pauses when the result leaves its envelope, unless a person agreed to exactly that result.
 */
export const startStage = async (input: StartStage): Promise<Result<StartedStage, StepFailure>> => {
  const { stage, planned, accept } = input;
  if (stage.envelope === undefined) return ok({ actions: stage.actions, fresh: false });
  if (planned !== undefined) return ok({ actions: z.array(actionSchema).parse(planned), fresh: false });
  const made = await input.replan(stage);
  if (!made.ok) return made;
  const reasons = outsideEnvelope(made.value, stage.envelope);
  if (reasons.length === 0) return ok({ actions: made.value, fresh: true });
  const mark = digest(made.value).slice(0, 12);
  if (accept === mark) return ok({ actions: made.value, fresh: true, accepted: mark });
  return err(leftEnvelope(input, reasons, mark));
};
