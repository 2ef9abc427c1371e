import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** What the archives in `$DROVER_LAB_IMAGES` say that they hold. */
const namesGiven = (): string => {
  const folder = process.env.DROVER_LAB_IMAGES ?? '';
  if (folder === '') return '';
  const archives = readdirSync(folder).filter((name) => /\.(tar|tar\.gz|tgz|tar\.zst)$/.test(name));
  return archives
    .flatMap((name) =>
      ['manifest.json', 'index.json'].map(
        (member) => spawnSync('tar', ['-xOf', join(folder, name), member], { encoding: 'utf8' }).stdout,
      ),
    )
    .join('\n');
};

/** Of the versions that lab/upstream/go.mod pins, as manifest and chart name them. */
export const REAL_IMAGES = {
  calico: ['cni', 'node', 'kube-controllers'].map((name) => `quay.io/calico/${name}:v3.31.0`),
  'calico-operator': [
    'quay.io/tigera/operator:v1.40.0',
    ...['cni', 'node', 'typha', 'kube-controllers', 'csi', 'node-driver-registrar', 'pod2daemon-flexvol'].map(
      (name) => `quay.io/calico/${name}:v3.31.0`,
    ),
  ],
  cilium: ['cilium', 'operator-generic'].map((name) => `quay.io/cilium/${name}:v1.19.4`),
} as const;

/** Images of a real network that nobody has given to the lab. */
export const imagesMissing = (network: keyof typeof REAL_IMAGES): readonly string[] => {
  const names = namesGiven();
  return REAL_IMAGES[network].filter((reference) => !names.includes(reference));
};
