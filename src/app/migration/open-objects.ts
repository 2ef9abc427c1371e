import type { DroverError } from '../../core/error.js';
import { err, ok, type Result } from '../../core/result.js';
import type { Plan } from '../../plan/model.js';
import type { PerformPorts } from '../../run/perform.js';
import type { Migration } from '../../spec/migration.js';
import type { StepFailure } from '../../steps/failure.js';
import type { ObjectSource } from '../../steps/objects/source.js';
import { liveFolderOf, openPlanned } from '../bundle/open-source.js';
import { secretInputs } from '../bundle/secrets.js';
import { objectSource } from './object-source.js';
import type { MigrationTools } from './tools.js';

const failureOf = ({ code, message, cause, hint }: DroverError): StepFailure => ({
  class: 'permanent',
  code,
  message,
  ...(cause === undefined ? {} : { cause }),
  ...(hint === undefined ? {} : { hint }),
});

const open = async (
  migration: Migration,
  plan: Plan,
  { bundle: tools, cluster }: MigrationTools,
): Promise<Result<ObjectSource, StepFailure>> => {
  const bundle = await openPlanned(migration, liveFolderOf(cluster.stateDir, migration.name), tools);
  if (!bundle.ok) return err(failureOf(bundle.error));
  const takesBack = plan.takesBack !== undefined;
  // A way back opens former states; it writes nothing that the spec makes.
  const inputs = takesBack ? ok([]) : await secretInputs(migration, tools);
  if (!inputs.ok) return err(failureOf(inputs.error[0]));
  return objectSource({
    bundle: bundle.value,
    // Those that were shown and agreed to, not what the spec says by now.
    transforms: plan.carries?.transforms.map(({ transform }) => transform) ?? [],
    inputs: inputs.value,
    random: tools.random,
  });
};

/** The objects that a plan carries. The bundle is opened and checked when the first step asks, and once. */
export const openObjects = (
  migration: Migration,
  plan: Plan,
  tools: MigrationTools,
): PerformPorts['objects'] => {
  let opened: Promise<Result<ObjectSource, StepFailure>> | undefined;
  return () => {
    opened ??= open(migration, plan, tools);
    return opened;
  };
};
