import type { DroverError } from '../../core/error.js';
import { err, ok, type Result } from '../../core/result.js';
import type { LabContext } from '../context.js';
import { ensureRootfs } from '../rootfs/cache.js';
import { recipeHash, rootfsRecipe } from '../rootfs/recipe.js';
import { buildError } from './errors.js';
import { givenImages } from './given-images.js';
import { type BuiltImage, buildImage, type ImageParts } from './images/build.js';
import { IMAGE_RECIPES, type ImageRecipe, imageReferences } from './images/recipes.js';
import { type K3sSource, type RealK3s, realK3s } from './k3s-binary.js';
import { SOURCES } from './paths.js';
import { type BuiltProgram, buildProgram } from './program.js';
import { ENGINE, type GoProgram, goPrograms } from './programs.js';
import { engineLine } from './versions.js';

/** What is to be built. */
export interface BuildRequest {
  /** Names of programs or images; default: everything that a cluster needs. */
  readonly only?: readonly string[];
  /** Names that a spec asks for beside that. */
  readonly also?: readonly string[];
  /** A real K3s in place of the lab's engine. */
  readonly k3s?: K3sSource;
  /** Kubernetes version of the lab's engine, as a line or a release of its table; default: the table's. */
  readonly version?: string;
}

/** The program that hosts run as `k3s`. */
export type LabK3s =
  | { readonly kind: 'engine'; readonly path: string; readonly version: string }
  | ({ readonly kind: 'real' } & RealK3s);

/** Everything that is ready in the cache. */
export interface LabBuild {
  /** Absent when only other things were asked for. */
  readonly k3s?: LabK3s;
  readonly programs: readonly BuiltProgram[];
  readonly images: readonly BuiltImage[];
  /** Archives of images that the user has put into `$DROVER_LAB_IMAGES`. */
  readonly given?: readonly string[];
}

const unknownNames = (only: readonly string[], programs: readonly GoProgram[]): DroverError | undefined => {
  const names = new Set([...programs, ...IMAGE_RECIPES].map(({ name }) => name));
  const unknown = only.filter((name) => !names.has(name));
  if (unknown.length === 0) return undefined;
  const message = `nothing is called ${unknown.map((name) => `"${name}"`).join(' or ')}`;
  return buildError('lab-build-program', message, { hint: `one of ${[...names].sort().join(', ')}` });
};

const chosen = <T extends { readonly name: string; readonly needed: string }>(
  all: readonly T[],
  { only, also = [] }: BuildRequest,
): readonly T[] =>
  all.filter(
    ({ name, needed }) =>
      also.includes(name) || (only === undefined ? needed === 'cluster' : only.includes(name)),
  );

/** A real K3s needs none of these; without Go they are left out. */
const isGoMissing = ({ code }: DroverError): boolean => code === 'lab-go-missing' || code === 'lab-go-old';

/** One after the other: the compiler uses all processors by itself, and memory stays within bounds. */
const buildPrograms = async (
  request: BuildRequest,
  programs: readonly GoProgram[],
  context: LabContext,
): Promise<Result<readonly BuiltProgram[], DroverError>> => {
  const wanted = chosen(programs, request).filter(({ name }) => name !== ENGINE || request.k3s === undefined);
  const built: BuiltProgram[] = [];
  for (const program of wanted) {
    const one = await buildProgram(program, context);
    if (one.ok) built.push(one.value);
    else if (request.k3s === undefined || !isGoMissing(one.error)) return one;
  }
  return ok(built);
};

const buildImages = async (
  recipes: readonly ImageRecipe[],
  programs: readonly BuiltProgram[],
  context: LabContext,
): Promise<Result<readonly BuiltImage[], DroverError>> => {
  const references = await imageReferences(SOURCES);
  if (!references.ok) return references;
  const rootfs = async (): Promise<Result<string, DroverError>> => {
    const made = await ensureRootfs(context);
    return made.ok ? ok(made.value.tree) : made;
  };
  const parts: ImageParts = {
    references: references.value,
    programs,
    rootfs,
    rootfsKey: recipeHash(rootfsRecipe()),
  };
  const built: BuiltImage[] = [];
  for (const recipe of recipes) {
    const one = await buildImage(recipe, parts, context);
    if (!one.ok) return one;
    built.push(one.value);
  }
  return ok(built);
};

/** The real K3s that was asked for, or else the engine among the programs. */
const k3sOf = (real: RealK3s | undefined, programs: readonly BuiltProgram[]): Pick<LabBuild, 'k3s'> => {
  if (real !== undefined) return { k3s: { kind: 'real', ...real } };
  const engine = programs.find(({ name }) => name === ENGINE);
  return engine === undefined ? {} : { k3s: { kind: 'engine', path: engine.path, version: engine.version } };
};

/** Builds what is missing in the cache and says where everything is. Nothing missing: no process is started. */
export const buildLab = async (
  request: BuildRequest,
  context: LabContext,
): Promise<Result<LabBuild, DroverError>> => {
  const line = engineLine(request.version);
  if (!line.ok) return line;
  const all = goPrograms(line.value);
  const unknown = unknownNames(request.only ?? [], all);
  if (unknown !== undefined) return err(unknown);
  const real = request.k3s === undefined ? ok(undefined) : await realK3s(request.k3s, context);
  if (!real.ok) return real;
  const given = await givenImages(context.env);
  if (!given.ok) return given;
  const programs = await buildPrograms(request, all, context);
  if (!programs.ok) return programs;
  const possible = chosen(IMAGE_RECIPES, request).filter(
    ({ program }) => program === undefined || programs.value.some(({ name }) => name === program),
  );
  const images = await buildImages(possible, programs.value, context);
  if (!images.ok) return images;
  return ok({
    ...k3sOf(real.value, programs.value),
    programs: programs.value,
    images: images.value,
    given: given.value,
  });
};
