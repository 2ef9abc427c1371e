import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { DroverError } from '../../../core/error.js';
import { err, ok, partition, type Result } from '../../../core/result.js';
import { buildError } from '../errors.js';
import type { Image } from './archive.js';
import { type ImageEntry, program } from './entry.js';

/** An image of the lab as data: which compiled program it carries, and how it starts. */
export interface ImageRecipe {
  /** Key in lab/engine/images.json or lab/platform-images.json, which hold references: whoever names an image agrees by it. */
  readonly name: string;
  /** Name of the compiled program inside; absent: it is made from the lab's root file system. */
  readonly program?: string;
  /** Where the program lies in the image. */
  readonly path: string;
  readonly entrypoint: readonly string[];
  readonly command?: readonly string[];
  /** Further programs, from the lab's root file system: paths there by paths in the image. */
  readonly fromRootfs?: Readonly<Record<string, string>>;
  /** Further names of its program: targets by their paths in the image. */
  readonly links?: Readonly<Record<string, string>>;
  readonly needed: 'cluster' | 'on-demand';
}

const goImage = (name: string, path: string, more: Partial<ImageRecipe> = {}): ImageRecipe => ({
  name,
  program: name,
  path,
  entrypoint: [`/${path}`],
  needed: 'cluster',
  ...more,
});

/** The plugins that a network needs on hosts which have none, and loopback, which every runtime calls. */
const CNI_PLUGINS = ['bridge', 'host-local', 'loopback', 'portmap'];

/** Paths and entry points are those of the images whose place they take, so that K3s' own manifests fit. */
export const IMAGE_RECIPES: readonly ImageRecipe[] = [
  { name: 'busybox', path: 'usr/bin/busybox', entrypoint: [], command: ['sh'], needed: 'cluster' },
  goImage('coredns', 'coredns'),
  goImage('labnet', 'labnet', {
    fromRootfs: Object.fromEntries(CNI_PLUGINS.map((name) => [`plugins/${name}`, `usr/lib/cni/${name}`])),
  }),
  goImage('local-path-provisioner', 'usr/bin/local-path-provisioner', {
    entrypoint: [],
    command: ['local-path-provisioner'],
  }),
  goImage('loki', 'usr/bin/loki', { needed: 'on-demand' }),
  goImage('metrics-server', 'metrics-server'),
  goImage('node-exporter', 'bin/node_exporter', { needed: 'on-demand' }),
  goImage('otelcol', 'otelcol-k8s', { needed: 'on-demand' }),
  goImage('pause', 'pause'),
  goImage('probe', 'probe'),
  goImage('prometheus', 'bin/prometheus', { needed: 'on-demand' }),
  goImage('registry', 'bin/registry', {
    entrypoint: ['/bin/registry'],
    command: ['serve', '/etc/distribution/config.yml'],
    needed: 'on-demand',
  }),
  goImage('standin', 'standin', { needed: 'on-demand' }),
  goImage('traefik', 'usr/local/bin/traefik', { needed: 'on-demand' }),
  // Of the system around the real program, a verification needs `cat`.
  goImage('vault', 'bin/vault', { needed: 'on-demand', links: { 'bin/cat': 'vault' } }),
];

/** What every image has: somewhere to write, and names for root and nobody. */
export const BASE: readonly ImageEntry[] = [
  { kind: 'directory', path: 'etc', mode: 0o755 },
  { kind: 'text', path: 'etc/group', text: 'root:x:0:\nnogroup:x:65534:\n', mode: 0o644 },
  {
    kind: 'text',
    path: 'etc/passwd',
    text: 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n',
    mode: 0o644,
  },
  { kind: 'directory', path: 'tmp', mode: 0o1777 },
];

const referencesSchema = z.record(z.string(), z.string().regex(/^[a-z0-9.-]+\/[a-z0-9/._-]+:[\w.-]+$/));

/** The engine's manifests name the images of the first; a reference in the second leaves the engine as it is. */
const REFERENCES: readonly (readonly string[])[] = [['engine', 'images.json'], ['platform-images.json']];

type References = Readonly<Record<string, string>>;

const readReferences = async (path: string): Promise<Result<References, DroverError>> => {
  try {
    return ok(referencesSchema.parse(JSON.parse(await readFile(path, 'utf8'))));
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    return err(
      buildError('lab-build-source', `${path} cannot be read as a map of image references`, { cause }),
    );
  }
};

/** The references of all images, from lab/engine/images.json and lab/platform-images.json. */
export const imageReferences = async (sources: string): Promise<Result<References, DroverError>> => {
  const read = await Promise.all(REFERENCES.map((path) => readReferences(join(sources, ...path))));
  const { values, errors } = partition(read);
  const [first] = errors;
  return first === undefined ? ok(Object.assign({}, ...values) as References) : err(first);
};

/** Programs of a root file system that an image takes along. */
const rootfsEntries = ({ fromRootfs = {} }: ImageRecipe, tree: string): readonly ImageEntry[] => {
  const folders = new Set(Object.keys(fromRootfs).map((path) => dirname(path)));
  return [
    ...[...folders].map((path): ImageEntry => ({ kind: 'directory', path, mode: 0o755 })),
    ...Object.entries(fromRootfs).map(([path, from]) => program(path, join(tree, from))),
  ];
};

/** Where the parts of a program's image lie on this machine. */
interface ProgramParts {
  readonly file: string;
  /** The lab's root file system; needed only for an image that takes something of it along. */
  readonly tree?: string;
}

/** The image of a Go program: the base, the program, and what it takes along. */
export const programImage = (
  recipe: ImageRecipe,
  reference: string,
  { file, tree }: ProgramParts,
): Image => ({
  reference,
  entries: [
    ...BASE,
    program(recipe.path, file),
    ...Object.entries(recipe.links ?? {}).map(
      ([path, target]): ImageEntry => ({ kind: 'link', path, target }),
    ),
    ...(tree === undefined ? [] : rootfsEntries(recipe, tree)),
  ],
  entrypoint: recipe.entrypoint,
  ...(recipe.command === undefined ? {} : { command: recipe.command }),
});
