import { CALICO_DIGESTS } from './calico-digests.js';
import { CALICO_OPERATOR_DIGESTS } from './calico-operator-digests.js';
import { FLANNEL_DIGESTS } from './flannel-digests.js';

export const MANIFEST_NAMES = ['calico', 'calico-operator', 'flannel'] as const;
export type ManifestName = (typeof MANIFEST_NAMES)[number];

/** One file that a project publishes for each release. */
interface ReleasedFile {
  /** Below the folder of the release. */
  readonly path: string;
  /** SHA-256, as far as Drover knows it. */
  readonly sha256?: string;
}

/** What a network’s project publishes for each release, as files with objects. */
export interface Manifests {
  /** Whose they are: `Calico’s manifest`. */
  readonly title: string;
  /** Above the folders of releases. */
  readonly base: string;
  /** Releases whose files Drover knows, oldest first. */
  readonly known: readonly string[];
  readonly files: (tag: string) => readonly ReleasedFile[];
}

const CALICO = 'https://raw.githubusercontent.com/projectcalico/calico';

const file = (path: string, sha256: string | undefined): ReleasedFile =>
  sha256 === undefined ? { path } : { path, sha256 };

export const MANIFESTS: Readonly<Record<ManifestName, Manifests>> = {
  calico: {
    title: 'Calico’s manifest',
    base: CALICO,
    known: Object.keys(CALICO_DIGESTS),
    files: (tag) => [file('manifests/calico.yaml', CALICO_DIGESTS[tag])],
  },
  'calico-operator': {
    title: 'the manifest of Calico’s operator',
    base: CALICO,
    known: Object.keys(CALICO_OPERATOR_DIGESTS),
    files: (tag) => [
      file('manifests/operator-crds.yaml', CALICO_OPERATOR_DIGESTS[tag]?.definitions),
      file('manifests/tigera-operator.yaml', CALICO_OPERATOR_DIGESTS[tag]?.operator),
    ],
  },
  flannel: {
    title: 'Flannel’s manifest',
    base: 'https://raw.githubusercontent.com/flannel-io/flannel',
    known: Object.keys(FLANNEL_DIGESTS),
    files: (tag) => [file('Documentation/kube-flannel.yml', FLANNEL_DIGESTS[tag])],
  },
};
