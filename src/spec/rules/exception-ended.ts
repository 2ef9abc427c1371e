import { defineSpecRule } from '../rule.js';

export const exceptionEnded = defineSpecRule({
  code: 'exception-ended',
  title: 'An accepted exception has ended',
  severity: 'warning',
  explain: `An exception holds until the day that it names. After it, what it accepted is an error or a warning again. Solve the problem, or
decide anew and write another day.`,
  reads: ['policy'],
  check: ({ policy }, { at, today }) =>
    policy.exceptions.flatMap(({ rule, until }, index) =>
      until >= today
        ? []
        : [
            {
              message: `the exception for ${rule} ended on ${until}`,
              location: at(['spec', 'policy', 'exceptions', index, 'until']),
              hint: 'solve the problem, or decide anew',
            },
          ],
    ),
});
