import { parseDuration } from '../../core/duration.js';
import { defineSpecRule } from '../rule.js';

/** Pairs are asked five times a second; two questions in a row may be lost without anything being wrong. */
const SHORTEST_MS = 1_000;

export const changeBudget = defineSpecRule({
  code: 'change-budget',
  title: 'The budget of a change of network contradicts itself',
  severity: 'error',
  explain: `While the network of a cluster changes, every pair of pods is asked five times a second. \`longest\` is how long one pair may be
apart at once, \`total\` all such times of one pair together: less than \`longest\` would end the run before \`longest\` is reached.
Recreating a pod without any change of network costs its pairs one to two seconds, so less than a second ends every run.`,
  reads: ['network'],
  check: ({ network }, { at }) => {
    const { longest, total } = network.change.budget;
    const [longestMs = 0, totalMs = 0] = [parseDuration(longest), parseDuration(total)];
    const path = ['spec', 'network', 'change', 'budget'];
    if (longestMs < SHORTEST_MS)
      return [
        {
          message: `${longest} is less than recreating a pod takes`,
          location: at([...path, 'longest']),
          hint: 'use longest: 5s or more',
        },
      ];
    return totalMs >= longestMs
      ? []
      : [
          {
            message: `total is less than longest: ${total} against ${longest}`,
            location: at([...path, 'total']),
            hint: `use total: ${longest} or more`,
          },
        ];
  },
});
