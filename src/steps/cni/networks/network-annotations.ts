import { carriageOf } from '../../../spec/cni.js';
import type { RecipeInput } from '../recipe.js';

/** Where cluster facts read which range a network has. */
export const POOL_ANNOTATION = 'drover.dev/pool';
/** Where cluster facts read how a network is told to carry packets. */
const CARRIAGE_ANNOTATION = 'drover.dev/carriage';

/** While the mode changes, agents have both tunnels: the one that packets take, and the other. */
const carriage = ({ mode, turn, options }: RecipeInput): string => {
  const asked = carriageOf(mode, options);
  if (turn === undefined) return asked;
  return turn.done ? `${asked} with ${turn.from}` : `${turn.from} with ${asked}`;
};

/** What stands on the agents of a network that Drover puts there, for its next look at the cluster. */
export const networkAnnotations = (input: RecipeInput): Readonly<Record<string, string>> => ({
  [POOL_ANNOTATION]: input.pool,
  [CARRIAGE_ANNOTATION]: carriage(input),
});
