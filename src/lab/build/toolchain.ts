import { constants } from 'node:fs';
import { access, readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';
import type { DroverError } from '../../core/error.js';
import { err, ok, type Result } from '../../core/result.js';
import { buildError } from './errors.js';

type Env = Readonly<Record<string, string | undefined>>;

/** `sudo` cleans PATH, so the usual places are looked at as well. */
const USUAL_PLACES = ['/usr/local/go/bin', '/usr/lib/go/bin', '/snap/bin'];

/** The first Go that can fetch newer ones. */
const OLDEST: readonly [number, number, number] = [1, 21, 0];

/** The Go of this machine. */
export interface Go {
  readonly path: string;
  readonly version: readonly [number, number, number];
}

const parse = (text: string): readonly [number, number, number] | undefined => {
  const match = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(text);
  return match === null ? undefined : [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
};

const atLeast = (a: readonly number[], b: readonly number[]): boolean => {
  const differing = a.findIndex((part, i) => part !== b[i]);
  return differing === -1 || (a[differing] ?? 0) > (b[differing] ?? 0);
};

const findProgram = async (env: Env, places: readonly string[]): Promise<string | undefined> => {
  const home = env.HOME === undefined ? [] : [join(env.HOME, 'go', 'bin')];
  for (const place of [...(env.PATH ?? '').split(delimiter), ...places, ...home]) {
    const path = join(place, 'go');
    if (
      place !== '' &&
      (await access(path, constants.X_OK).then(
        () => true,
        () => false,
      ))
    )
      return path;
  }
  return undefined;
};

const hint =
  'install Go from https://go.dev/dl; or use a real K3s, which needs none: `drover lab up --cluster --k3s /path/to/k3s`, or `--k3s-url URL --sha256 HEX` to download it';

/** Finds Go and asks for its version; one clear error when it is missing or too old to help itself. */
export const findGo = async (env: Env, places = USUAL_PLACES): Promise<Result<Go, DroverError>> => {
  const path = await findProgram(env, places);
  if (path === undefined)
    return err(buildError('lab-go-missing', 'Go was not found in PATH or its usual places', { hint }));
  const asked = await execa(path, ['env', 'GOVERSION'], { reject: false, env: { GOTOOLCHAIN: 'local' } });
  const version = parse(asked.stdout);
  if (asked.exitCode !== 0 || version === undefined) {
    return err(
      buildError('lab-go-missing', `${path} does not answer with a version`, { cause: asked.stderr, hint }),
    );
  }
  if (atLeast(version, OLDEST)) return ok({ path, version });
  return err(
    buildError(
      'lab-go-old',
      `Go at ${path} is ${version.join('.')}, needed is ${OLDEST.join('.')} or later`,
      { hint },
    ),
  );
};

/**
 * The value of GOTOOLCHAIN for a module: the machine's own Go when it is new enough, else the one that go.mod asks
 * for, which Go then fetches through the module proxy. Always explicit: a machine may forbid the automatic choice.
 */
export const toolchainFor = async (go: Go, goMod: string): Promise<string> => {
  const lines = (await readFile(goMod, 'utf8')).matchAll(/^(?:toolchain|go) +(\S+)/gm);
  const asked = [...lines].map((line) => parse(line[1] ?? '')).filter((version) => version !== undefined);
  const newest = asked.reduce((best, version) => (atLeast(version, best) ? version : best), OLDEST);
  return atLeast(go.version, newest) ? 'local' : `go${newest.join('.')}`;
};
