import { didYouMean } from '../../core/did-you-mean.js';
import { referencesOf } from '../references.js';
import { defineSpecRule } from '../rule.js';

export const unknownReference = defineSpecRule({
  code: 'unknown-reference',
  title: 'The spec refers to something that it does not have',
  severity: 'error',
  explain: `Hosts, load balancers, external services and applications are referred to by their names: as a load balancer's backend, in
an application's \`needs\`, as the host of a service. A name that nothing has is a typing error or something forgotten.`,
  reads: ['hosts', 'loadBalancers', 'externalServices', 'applications', 'monitoring', 'acceptance', 'lab'],
  check: (view, { at }) =>
    referencesOf(view)
      .filter(({ name, known }) => !known.includes(name))
      .map(({ name, what, known, path }) => {
        const near = didYouMean(name, known);
        return {
          message: `there is no ${what} ${name}`,
          location: at(path),
          ...(near === undefined ? {} : { label: `did you mean ${near}?` }),
          hint: near === undefined ? `add it, or correct the name` : `correct the name`,
        };
      }),
});
