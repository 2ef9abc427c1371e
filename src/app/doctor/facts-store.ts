import { join } from 'node:path';
import type { DroverError, DroverErrors } from '../../core/error.js';
import type { Files } from '../../core/ports/files.js';
import { err, ok, type Result } from '../../core/result.js';
import { type FactsFile, factsFileSchema } from '../../facts/model/facts-file.js';

/** Format that this Drover reads and writes. */
const FORMAT = 1;
/** Shape errors that are told; a file that is something else entirely has thousands. */
const SHOWN = 8;

const unreadable = (file: string, cause: string): DroverErrors => [
  {
    code: 'facts-unreadable',
    message: `cannot read the facts file ${file}`,
    cause,
    state: 'nothing was diagnosed',
  },
];

const pathText = (path: readonly PropertyKey[]): string =>
  path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');

const shapeErrors = (
  file: string,
  issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[],
): DroverErrors => {
  const [first, ...rest] = issues.slice(0, SHOWN).map(
    ({ path, message }): DroverError => ({
      code: 'facts-invalid',
      message: `${file}: ${path.length === 0 ? 'the file' : pathText(path)}: ${message}`,
      state: 'nothing was diagnosed',
    }),
  );
  if (first === undefined) throw new Error('a failed parse has issues');
  return [first, ...rest];
};

const isNewer = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  'formatVersion' in value &&
  typeof value.formatVersion === 'number' &&
  value.formatVersion > FORMAT;

/** Reads a saved facts file: any host's facts, made by any Drover that is not newer than this one. */
export const loadFacts = async (files: Files, path: string): Promise<Result<FactsFile, DroverErrors>> => {
  const text = await files.read(path);
  if (!text.ok) return err(unreadable(path, text.error.detail));
  let value: unknown;
  try {
    value = JSON.parse(text.value);
  } catch (error) {
    return err(unreadable(path, error instanceof Error ? error.message : String(error)));
  }
  if (isNewer(value)) {
    return err([
      {
        code: 'facts-newer',
        message: `${path} was written by a newer Drover`,
        state: 'nothing was diagnosed',
        hint: `this Drover reads format ${FORMAT}`,
      },
    ]);
  }
  const facts = factsFileSchema.safeParse(value);
  return facts.success ? ok(facts.data) : err(shapeErrors(path, facts.error.issues));
};

/** Where facts go unless the user says otherwise: named after the cluster and the second. */
export const defaultFactsPath = (stateDir: string, facts: FactsFile): string =>
  join(
    stateDir,
    'facts',
    `${facts.cluster ?? 'hosts'}-${facts.at.replace(/\.\d+/, '').replaceAll(':', '')}.json`,
  );

/** Saves facts for the user alone: they hold no secret, but they describe machines. */
export const saveFacts = async (
  files: Files,
  path: string,
  facts: FactsFile,
): Promise<Result<void, DroverError>> => {
  const written = await files.write(path, `${JSON.stringify(facts, null, 1)}\n`, { mode: 0o600 });
  if (written.ok) return written;
  return err({
    code: 'facts-unwritable',
    message: `cannot save the facts to ${path}`,
    cause: written.error.detail,
    hint: 'name another place with --save FILE',
  });
};
