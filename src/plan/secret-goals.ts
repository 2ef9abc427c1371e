import { referencesOf } from '../bundle/references/find.js';
import { namespaceSetName } from '../steps/apps/render.js';
import { secretsDeliver } from '../steps/secrets/deliver.js';
import { deliveryKey, type SecretDelivery } from '../steps/secrets/delivery.js';
import { setsApply } from '../steps/sets/apply.js';
import type { ObjectSet } from '../steps/sets/object-set.js';
import { type Goal, goalId, type StageGoal } from './goal.js';
import { setGoalId } from './set-goal.js';

const idOf = (delivery: Pick<SecretDelivery, 'namespace' | 'name'>): string =>
  goalId(secretsDeliver, deliveryKey(delivery));

/** Ids of the deliveries that a set waits for: of Secrets that its objects name. */
const deliveredFor = (set: ObjectSet, known: ReadonlySet<string>): readonly string[] => {
  const named = set.objects
    .flatMap(referencesOf)
    .filter(({ to }) => to.kind === 'Secret' && to.group === '')
    .map(({ to: { name, namespace = '' } }) => ({ name, namespace }));
  return [...new Set(named.filter((to) => known.has(deliveryKey(to))).map(idOf))];
};

const setOf = ({ params }: Goal): string => (params as { readonly set: string }).set;

const goalsWith = (
  goals: readonly Goal[],
  deliveries: readonly SecretDelivery[],
  sets: readonly ObjectSet[],
): readonly Goal[] => {
  const ids = new Set(goals.map(({ id }) => id));
  const known = new Set(deliveries.map(deliveryKey));
  const byName = new Map(sets.map((set) => [set.name, set]));
  return [
    ...deliveries.map((delivery) => ({
      id: idOf(delivery),
      step: secretsDeliver,
      params: delivery,
      hosts: [],
      after: [setGoalId(namespaceSetName(delivery.namespace))].filter((id) => ids.has(id)),
    })),
    ...goals.map((goal) => {
      const set = goal.step === setsApply ? byName.get(setOf(goal)) : undefined;
      return set === undefined ? goal : { ...goal, after: [...goal.after, ...deliveredFor(set, known)] };
    }),
  ];
};

/** A stage of sets with the secrets that their objects name: delivered behind their namespaces, before the sets. */
export const withSecrets = (
  stage: StageGoal,
  deliveries: readonly SecretDelivery[],
  sets: readonly ObjectSet[],
): StageGoal =>
  deliveries.length === 0
    ? stage
    : {
        ...stage,
        goals: goalsWith(stage.goals, deliveries, sets),
        ...(stage.envelope === undefined
          ? {}
          : { envelope: { ...stage.envelope, steps: [...stage.envelope.steps, secretsDeliver.id] } }),
      };
