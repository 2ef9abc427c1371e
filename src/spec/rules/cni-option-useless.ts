import { deadOptions } from '../options/dead-options.js';
import { defineSpecRule } from '../rule.js';

export const cniOptionUseless = defineSpecRule({
  code: 'cni-option-useless',
  title: 'An option of the cluster network does nothing here, or is unknown',
  severity: 'warning',
  explain: `The option is accepted by the program but has no effect in this cluster, is on its way out in this version, or Drover does
not know it and passes it on unread. The warning says what to use instead.`,
  reads: ['network'],
  check: ({ network }, { at }) =>
    deadOptions(network)
      .filter(({ severity }) => severity === 'warning')
      .map(({ path, message, cause, instead }) => ({
        message,
        location: at(['spec', 'network', 'cni', 'options', ...path], 'key'),
        ...(cause === undefined ? {} : { cause }),
        hint: instead,
      })),
});
