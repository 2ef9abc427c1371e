import { join } from 'node:path';
import type { DroverError } from '../../../core/error.js';
import { err, ok, type Result } from '../../../core/result.js';
import type { LabContext } from '../../context.js';
import { invokingUser } from '../../invoker.js';
import { lookup, make } from '../cache.js';
import { buildError } from '../errors.js';
import { goArch, keyOf } from '../key.js';
import { buildHome } from '../paths.js';
import type { BuiltProgram } from '../program.js';
import { type Image, writeImage } from './archive.js';
import { busyboxEntries } from './busybox.js';
import { BASE, type ImageRecipe, programImage } from './recipes.js';

/** Raised when images of the same parts come out differently. */
const FORMAT = 1;

/** An image archive in the cache. */
export interface BuiltImage {
  readonly name: string;
  readonly reference: string;
  readonly path: string;
  /** False when it was there already. */
  readonly made: boolean;
}

/** What images are made of. */
export interface ImageParts {
  readonly references: Readonly<Record<string, string>>;
  readonly programs: readonly BuiltProgram[];
  /** The lab's root file system; asked for only when an image made from it is not in the cache. */
  readonly rootfs: () => Promise<Result<string, DroverError>>;
  /** Identity of that root file system: its recipe's hash. */
  readonly rootfsKey: string;
}

const describe = async (
  recipe: ImageRecipe,
  reference: string,
  parts: ImageParts,
): Promise<Result<Image, DroverError>> => {
  if (recipe.program !== undefined) {
    const built = parts.programs.find(({ name }) => name === recipe.program);
    if (built === undefined) throw new Error(`image ${recipe.name} before its program`);
    if (recipe.fromRootfs === undefined) return ok(programImage(recipe, reference, { file: built.path }));
    const tree = await parts.rootfs();
    return tree.ok ? ok(programImage(recipe, reference, { file: built.path, tree: tree.value })) : tree;
  }
  const tree = await parts.rootfs();
  if (!tree.ok) return tree;
  const entries = await busyboxEntries(tree.value);
  if (!entries.ok) return entries;
  const { entrypoint, command } = recipe;
  return ok({ reference, entries: entries.value, entrypoint, ...(command === undefined ? {} : { command }) });
};

const keyFor = (recipe: ImageRecipe, reference: string, parts: ImageParts): string => {
  const built = parts.programs.find(({ name }) => name === recipe.program);
  return keyOf({
    format: FORMAT,
    arch: goArch(),
    base: BASE,
    recipe,
    reference,
    part: built?.key ?? parts.rootfsKey,
    ...(recipe.fromRootfs === undefined ? {} : { rootfs: parts.rootfsKey }),
  });
};

/** The image from the cache, made first when it is not there. */
export const buildImage = async (
  recipe: ImageRecipe,
  parts: ImageParts,
  context: LabContext,
): Promise<Result<BuiltImage, DroverError>> => {
  const reference = parts.references[recipe.name];
  if (reference === undefined) {
    return err(buildError('lab-build-source', `lab/engine/images.json has no reference for ${recipe.name}`));
  }
  const slot = {
    home: join(buildHome(context.env), 'images', recipe.name),
    key: keyFor(recipe, reference, parts),
    owner: invokingUser(context.env),
  };
  const file = `${recipe.name}.tar`;
  const present = await lookup(slot, new Date(context.clock.now()));
  if (present !== undefined)
    return ok({ name: recipe.name, reference, path: join(present, file), made: false });
  const made = await make(slot, async (directory) => {
    const image = await describe(recipe, reference, parts);
    if (image.ok) await writeImage(image.value, join(directory, file));
    return image.ok ? ok(undefined) : image;
  });
  return made.ok ? ok({ name: recipe.name, reference, path: join(made.value, file), made: true }) : made;
};
