import { namespaceSetName } from '../steps/apps/render.js';
import { secretsDeliver } from '../steps/secrets/deliver.js';
import { deliveryKey, type SecretDelivery } from '../steps/secrets/delivery.js';
import type { ObjectSet } from '../steps/sets/object-set.js';
import { type Goal, goalId, type StageGoal } from './goal.js';
import { setGoalId } from './set-goal.js';

/** A set with the secrets that its objects name. */
interface Needing {
  readonly set: ObjectSet;
  readonly secrets?: readonly SecretDelivery[];
}

const idOf = (delivery: SecretDelivery): string => goalId(secretsDeliver, deliveryKey(delivery));

const deliveryGoal = (delivery: SecretDelivery, ids: ReadonlySet<string>): Goal => ({
  id: idOf(delivery),
  step: secretsDeliver,
  params: delivery,
  hosts: [],
  after: [setGoalId(namespaceSetName(delivery.namespace))].filter((id) => ids.has(id)),
});

/** A stage of sets with the secrets that their objects name: delivered behind their namespaces, before the sets. */
export const withSecrets = (stage: StageGoal, sets: readonly Needing[]): StageGoal => {
  const deliveries = new Map(sets.flatMap(({ secrets = [] }) => secrets.map((each) => [idOf(each), each])));
  if (deliveries.size === 0) return stage;
  const before = new Map(sets.map(({ set, secrets = [] }) => [setGoalId(set.name), secrets.map(idOf)]));
  const ids = new Set(stage.goals.map(({ id }) => id));
  return {
    ...stage,
    goals: [
      ...[...deliveries.values()].map((delivery) => deliveryGoal(delivery, ids)),
      ...stage.goals.map((goal) => ({ ...goal, after: [...goal.after, ...(before.get(goal.id) ?? [])] })),
    ],
    ...(stage.envelope === undefined
      ? {}
      : { envelope: { ...stage.envelope, steps: [...stage.envelope.steps, secretsDeliver.id] } }),
  };
};
