import type { DroverError } from '../core/error.js';
import { EXIT } from '../core/exit-codes.js';
import { errorText } from '../report/error-text.js';
import { errorsDocument } from '../report/json.js';
import { emptyReport } from '../report/report-state.js';
import { runnable } from './printed-name.js';
import { factsOf } from './streams.js';
import { styleOf } from './terminal-facts.js';

const asksForJson = (argv: readonly string[]): boolean =>
  argv.some((word, at) => /^(-o|--output)$/.test(word) && /^jsonl?$/.test(argv[at + 1] ?? '')) ||
  argv.some((word) => /^(-o|--output=)jsonl?$/.test(word));

/** The command line was not understood, so its flags are not known either: only -o json is looked for. */
export const printUsageError = (error: DroverError, argv: readonly string[]): number => {
  const text = errorText(styleOf(factsOf(process.stderr), 'auto', process.env), 'error', error);
  process.stderr.write(`${runnable(text, process.env)}\n`);
  if (asksForJson(argv)) {
    process.stdout.write(errorsDocument({ ...emptyReport, diagnostics: [{ severity: 'error', error }] }));
  }
  return EXIT.usage;
};
