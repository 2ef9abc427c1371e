import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { type Pack, pack } from 'tar-stream';
import { keepDigest } from '../kept-digest.js';
import { goArch } from '../key.js';
import type { ImageEntry } from './entry.js';
import { addFile, type Layer, writeLayer } from './layer.js';

/** An image of one layer: what is in it and how it starts. */
export interface Image {
  /** Full reference, e.g. `docker.io/rancher/mirrored-pause:3.6`. */
  readonly reference: string;
  readonly entries: readonly ImageEntry[];
  readonly entrypoint: readonly string[];
  readonly command?: readonly string[];
  readonly environment?: readonly string[];
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const configOf = (image: Image, layer: Layer): string =>
  JSON.stringify({
    architecture: goArch(),
    os: 'linux',
    created: '1970-01-01T00:00:00Z',
    config: {
      Entrypoint: image.entrypoint,
      ...(image.command === undefined ? {} : { Cmd: image.command }),
      Env: [
        'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
        ...(image.environment ?? []),
      ],
      WorkingDir: '/',
    },
    rootfs: { type: 'layers', diff_ids: [`sha256:${layer.digest}`] },
    history: [{ created: '1970-01-01T00:00:00Z', created_by: 'drover lab build' }],
  });

const addText = (tar: Pack, name: string, text: string): void => {
  tar.entry({ name, mode: 0o644, mtime: new Date(0) }, text);
};

const fill = async (tar: Pack, image: Image, layer: Layer): Promise<void> => {
  const config = configOf(image, layer);
  const configName = `${sha256(config)}.json`;
  const layerName = `${layer.digest}/layer.tar`;
  const manifest = [{ Config: configName, RepoTags: [image.reference], Layers: [layerName] }];
  addText(tar, configName, config);
  await addFile(tar, { name: layerName, mode: 0o644, mtime: new Date(0), size: layer.size }, layer.path);
  addText(tar, 'manifest.json', JSON.stringify(manifest));
  tar.finalize();
};

/**
 * Writes an image as an archive in the format of `docker save`, which containerd imports and K3s reads from its
 * air-gap folder. The same parts give the same bytes.
 */
export const writeImage = async (image: Image, path: string): Promise<void> => {
  const layer = await writeLayer(image.entries, `${path}.layer`);
  const tar = pack();
  const filled = fill(tar, image, layer).catch((error: unknown) => {
    tar.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  await pipeline(tar, createWriteStream(path));
  await filled;
  await rm(layer.path);
  await keepDigest(path);
};
