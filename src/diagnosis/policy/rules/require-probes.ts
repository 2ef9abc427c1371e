import { containersOf, RUNS_TO_END } from '../pods.js';
import { definePolicyRule } from '../rule.js';

export const requireProbes = definePolicyRule({
  code: 'require-probes',
  title: 'Containers say when they are ready and when they must be started again',
  explain: `Without a \`readinessProbe\` a pod gets requests before it can answer them, at every start and every rolling update. Without a \`livenessProbe\` a
container that hangs stays. Jobs and containers that only prepare need neither.`,
  fix: 'add a readinessProbe and a livenessProbe; let the second be the more patient one',
  check: (object) =>
    RUNS_TO_END.includes(object.kind)
      ? []
      : containersOf(object)
          .filter(({ main }) => main)
          .flatMap(({ path, name, fields }) => {
            const missing = ['readinessProbe', 'livenessProbe'].filter(
              (probe) => fields[probe] === undefined,
            );
            return missing.length === 0
              ? []
              : [{ path, text: `container ${name} has no ${missing.join(' and no ')}` }];
          }),
});
