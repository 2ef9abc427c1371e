import { sentence } from '../../core/text.js';
import { installerOf } from '../cni.js';
import type { InstallerId } from '../networks/known-good.js';
import { MANIFESTS, type ManifestName } from '../networks/manifests.js';
import { defineSpecRule } from '../rule.js';
import type { ClusterSpec } from '../schema/cluster.js';
import { cniTag } from '../versions.js';

const SHOWN = 3;

/** What Drover makes a network of, where its project publishes files with objects. */
const MADE_OF: Readonly<Partial<Record<InstallerId, ManifestName>>> = {
  'calico/manifest': 'calico',
  'calico/operator': 'calico-operator',
  'flannel/daemonset': 'flannel',
};

/** The release whose digests Drover needs and does not know, with those that it knows. */
const unknownRelease = (
  network: ClusterSpec['network'],
): { readonly title: string; readonly tag: string; readonly newest: readonly string[] } | undefined => {
  const name = MADE_OF[installerOf(network) ?? 'flannel/k3s'];
  const tag = cniTag(network);
  const { source } = network.cni;
  if (name === undefined || tag === undefined || source?.kind === 'file') return undefined;
  const { title, known, files } = MANIFESTS[name];
  const told = source?.sha256 !== undefined && files(tag).length === 1;
  return told || source?.kind === 'url' || known.includes(tag)
    ? undefined
    : { title, tag, newest: known.slice(-SHOWN) };
};

export const cniSource = defineSpecRule({
  code: 'cni-source',
  title: 'It is not known what the manifest of the cluster network must be',
  severity: 'error',
  explain: `Drover makes Calico, and Flannel as a DaemonSet, from the files that their projects publish, and takes none that is not the one: the
digests of Calico v3.27 to v3.32, of its operator v3.30 to v3.32 and of Flannel v0.27.4 to v0.28.9 are built in. For another version give
the digest in \`network.cni.source.sha256\`, or your own copy with \`kind: file\`. The operator comes in two files, its definitions and
itself: a copy has both, one behind the other.

Cilium is made from its chart; the digest of its archive must be given: \`network.cni.source.sha256\`. Flannel inside K3s comes with it.`,
  reads: ['network'],
  check: ({ network }, { at }) => {
    const { name, source } = network.cni;
    const here = at(['spec', 'network', 'cni', 'source'], 'key');
    const unknown = unknownRelease(network);
    if (unknown !== undefined)
      return [
        {
          message: `the digest of ${unknown.title} ${unknown.tag} is not known`,
          location: at(['spec', 'network', 'cni', 'version']),
          hint: `use ${sentence(unknown.newest)}, or give network.cni.source.sha256 or a file`,
        },
      ];
    if (name === 'cilium')
      return source?.kind === 'url'
        ? [
            {
              message: 'a chart comes from a repository or a file, not from an address',
              location: here,
              hint: 'use kind: mirror with the repository, or kind: file',
            },
          ]
        : [];
    const installer = installerOf(network);
    return source === undefined || (installer !== undefined && MADE_OF[installer] !== undefined)
      ? []
      : [{ message: `${name} is not made from a manifest`, location: here, hint: 'remove it' }];
  },
});
