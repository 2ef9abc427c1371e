import { valueAt } from '../../../spec/path.js';
import { containersOf } from '../pods.js';
import { definePolicyRule } from '../rule.js';

const WANTED = [
  ['requests', 'cpu'],
  ['requests', 'memory'],
  ['limits', 'memory'],
] as const;

export const requireLimits = definePolicyRule({
  code: 'require-limits',
  title: 'Containers ask for CPU and memory and have a memory limit',
  explain: `The scheduler places pods by their requests; without them a node is filled until it swaps time between all of them, and an HPA on CPU has nothing
to measure. Without a memory limit one leak takes the node. A CPU limit is not asked for: it slows down and protects nobody.`,
  fix: 'set resources.requests.cpu, resources.requests.memory and resources.limits.memory',
  check: (object) =>
    containersOf(object)
      .filter(({ main }) => main)
      .flatMap(({ path, name, fields }) => {
        const missing = WANTED.filter((key) => valueAt(fields, ['resources', ...key]) === undefined);
        return missing.length === 0
          ? []
          : [
              {
                path,
                text: `container ${name} has no ${missing.map((key) => `resources.${key.join('.')}`).join(', ')}`,
              },
            ];
      }),
});
