import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { parseAllDocuments } from 'yaml';
import type { KubeObject } from '../../src/core/ports/kube.js';

const MODULE = resolve('lab/upstream');

/** Folder with what a project publishes in the version that lab/upstream/go.mod pins; checked by its go.sum. */
export const upstreamFolder = async (path: string): Promise<string> => {
  const pinned = await readFile(join(MODULE, 'go.mod'), 'utf8');
  const version = new RegExp(`^\\s*${path} (\\S+)`, 'm').exec(pinned)?.[1];
  if (version === undefined) throw new Error(`${path} is not pinned`);
  const { stdout } = await execa('go', ['mod', 'download', '-json', `${path}@${version}`], { cwd: MODULE });
  return (JSON.parse(stdout) as { readonly Dir: string }).Dir;
};

export const objectsIn = (text: string): readonly KubeObject[] =>
  parseAllDocuments(text).flatMap((document) => {
    const object = document.toJS() as KubeObject | null;
    return object === null ? [] : [object];
  });

/** Calico’s own manifest, v3.31.0. */
export const calicoManifestFile = async (): Promise<string> =>
  join(await upstreamFolder('github.com/projectcalico/calico'), 'manifests/calico.yaml');

export const calicoManifest = async (): Promise<string> => readFile(await calicoManifestFile(), 'utf8');

/** What Calico’s operator is made of, v3.31.0, as a user gives it in one file. */
export const calicoOperatorManifest = async (): Promise<string> => {
  const folder = join(await upstreamFolder('github.com/projectcalico/calico'), 'manifests');
  const files = ['operator-crds.yaml', 'tigera-operator.yaml'];
  return (await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')))).join('\n---\n');
};

/** Flannel’s own manifest, v0.28.4. */
export const flannelManifestFile = async (): Promise<string> =>
  join(await upstreamFolder('github.com/flannel-io/flannel'), 'Documentation/kube-flannel.yml');
