import type { ReportState } from './report-state.js';

/** What a command that prints a JSON document prints when it fails; empty when nothing failed. */
export const errorsDocument = ({ diagnostics }: ReportState): string => {
  const errors = diagnostics.filter(({ severity }) => severity === 'error').map(({ error }) => error);
  return errors.length === 0
    ? ''
    : `${JSON.stringify({ apiVersion: 'drover/v1', kind: 'Errors', errors }, null, 2)}\n`;
};
