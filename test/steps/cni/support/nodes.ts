import { recipeInput } from '../../../support/recipe-input.js';

export const NODES = ['s1', 'a1', 'a2'] as const;
export type Node = (typeof NODES)[number];

/** The network beside the former one, on these nodes. */
export const INPUT = recipeInput({
  binDir: '/bin',
  nodes: NODES.map((name, index) => ({ name, address: `10.0.0.${index + 1}` })),
});
