import { defineErrors } from '../core/error.js';

/** What can be wrong with a question to the doctor. */
export const diagnosisErrors = defineErrors({
  'finding-code-unknown': {
    title: 'There is no finding with that code',
    exit: 'usage',
    explain:
      '`--ignore` and `--only` take codes of findings, as printed in brackets beside each finding. The hint names the nearest one.',
  },
});
