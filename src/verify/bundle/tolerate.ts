import { isDeepStrictEqual } from 'node:util';
import { formatPath } from '../../spec/path.js';
import type { MigrationSpec } from '../../spec/schema/migration.js';
import type { Change } from './changes.js';
import type { LiveObject } from './live-object.js';

export interface Tolerance {
  readonly live: LiveObject;
  /** What restoring holds back; undefined when nothing was declared. */
  readonly restore: Pick<MigrationSpec['restore'], 'replicas' | 'cronJobs'> | undefined;
  /** The autoscaler that sets the replicas of this object. */
  readonly scaledBy: string | undefined;
}

/** `kubectl` and the like are persons; what Drover alone wrote without having it was filled in by the target. */
const isDrovers = (manager: string): boolean => manager === 'drover' || manager.startsWith('drover-');

type Rule = (change: Change, tolerance: Tolerance) => string | undefined;

const heldBack: Rule = ({ path, found }, { restore }) => {
  const field = formatPath(path);
  if (field === 'spec.replicas' && found === 0 && restore?.replicas === 'zero')
    return 'held back at 0 replicas until it is put back';
  if (field === 'spec.suspend' && found === true && restore?.cronJobs === 'suspend')
    return 'suspended until it is put back';
  return undefined;
};

const scaled: Rule = ({ path }, { scaledBy }) =>
  formatPath(path) === 'spec.replicas' && scaledBy !== undefined
    ? `HorizontalPodAutoscaler ${scaledBy} sets it`
    : undefined;

/** Cleaning took it out of the target's object because a controller there has it in its care now. */
const controlled: Rule = ({ path, problem }, { live }) => {
  const removed = live.removed.get(formatPath(path));
  return problem === 'missing' && removed?.owner !== undefined
    ? `${removed.owner} of the target sets it`
    : undefined;
};

const filledIn: Rule = ({ path, problem }, { live }) =>
  problem === 'added' && live.managers(path).every(isDrovers)
    ? 'the target fills it in: a default of its version, or an admission webhook'
    : undefined;

const RULES: readonly Rule[] = [heldBack, scaled, controlled, filledIn];

/** Cleaning takes some fields out by name alone; where the target has the very value it does not differ. */
export const isThereAfterAll = ({ path, problem, expected }: Change, { live }: Tolerance): boolean =>
  problem === 'missing' && isDeepStrictEqual(live.original(path), expected);

/** Why a change is none that matters; undefined = it does. */
export const toleratedBecause: Rule = (change, tolerance) =>
  RULES.map((rule) => rule(change, tolerance)).find((reason) => reason !== undefined);
