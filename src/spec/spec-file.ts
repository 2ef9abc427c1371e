import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import type { DroverError } from '../core/error.js';
import type { Files } from '../core/ports/files.js';
import { err, ok, type Result } from '../core/result.js';

/** The spec that commands use when none is named. */
const DEFAULT_SPEC = 'drover.yaml';

/** A file as errors name it and as it is opened. */
interface FileName {
  readonly shown: string;
  readonly absolute: string;
}

export interface SpecFile extends FileName {
  readonly text: string;
  /** A path that the spec holds: relative ones are meant beside the spec; `~/` is left to ssh. */
  readonly beside: (path: string) => FileName;
}

const besideOf =
  ({ shown, absolute }: FileName): SpecFile['beside'] =>
  (path) =>
    isAbsolute(path) || path.startsWith('~')
      ? { shown: path, absolute: path }
      : { shown: join(dirname(shown), path), absolute: resolve(dirname(absolute), path) };

const unreadable = (name: FileName, missing: boolean, detail: string): DroverError => ({
  code: missing ? 'spec-file-missing' : 'spec-file-unreadable',
  message: missing ? `there is no spec at ${name.shown}` : `the spec ${name.shown} cannot be read`,
  ...(missing ? {} : { cause: detail }),
  state: 'nothing was done',
  hint:
    missing && basename(name.shown) === DEFAULT_SPEC
      ? 'write one with `drover init --from servers.tsv`, or name yours with -f FILE'
      : 'check the path',
});

/** Reads the spec's text; `file` may be relative to `cwd`. */
export const readSpecFile = async (
  file: string,
  cwd: string,
  files: Files,
): Promise<Result<SpecFile, DroverError>> => {
  const name = { shown: file.replace(/^\.\//, ''), absolute: resolve(cwd, file) };
  const text = await files.read(name.absolute);
  if (!text.ok) return err(unreadable(name, text.error.kind === 'missing', text.error.detail));
  return ok({ ...name, text: text.value, beside: besideOf(name) });
};
