import type { Json } from '../../core/canonical.js';
import { err, ok, type Result } from '../../core/result.js';
import { bindStage } from '../../plan/bind.js';
import type { StageGoal } from '../../plan/goal.js';
import type { Action, Stage } from '../../plan/model.js';
import type { StepFailure } from '../../steps/failure.js';
import type { World } from '../../steps/step.js';

export type Replan = (
  stage: Stage,
  outputs: ReadonlyMap<string, Readonly<Record<string, Json>>>,
) => Promise<Result<readonly Action[], StepFailure>>;

const notPlanned = (stage: string, cause: string): StepFailure => ({
  class: 'permanent',
  code: 'stage-not-planned',
  message: `stage ${stage} cannot be planned`,
  cause,
});

/**
 * Plans a later stage from fresh facts: `goals` gives what shall hold in the end in the world as it is now, stage by
 * stage, for the stage of this name. Stages before the asked one only lend the outputs of what holds.
 */
export const replanFrom =
  (
    goals: (
      stage: string,
    ) => Promise<Result<{ readonly world: World; readonly stages: readonly StageGoal[] }, string>>,
  ): Replan =>
  async (stage, outputs) => {
    const made = await goals(stage.name);
    if (!made.ok) return err(notPlanned(stage.name, made.error));
    let known = outputs;
    for (const each of made.value.stages) {
      const bound = bindStage(each, made.value.world, known);
      if (each.name === stage.name) return ok(bound.actions);
      known = bound.outputs;
    }
    return err(notPlanned(stage.name, 'the spec no longer leads to such a stage'));
  };
