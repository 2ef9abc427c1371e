import { sentence } from '../../core/text.js';
import { CALICO_MANIFESTS } from '../calico-manifests.js';
import { defineSpecRule } from '../rule.js';
import { calicoTag } from '../versions.js';

const SHOWN = 3;

export const cniSource = defineSpecRule({
  code: 'cni-source',
  title: 'It is not known what the manifest of the cluster network must be',
  severity: 'error',
  explain: `Drover makes Calico from the manifest that its project publishes, and takes no file that is not the one: the digests of the releases
v3.27 to v3.32 are built in. For another version give the digest in \`network.cni.source.sha256\`, or your own copy of the manifest
with \`kind: file\`.

Cilium is made from its chart; the digest of its archive must be given: \`network.cni.source.sha256\`. Flannel comes with K3s.`,
  reads: ['network'],
  check: ({ network }, { at }) => {
    const { name, source } = network.cni;
    const here = at(['spec', 'network', 'cni', 'source'], 'key');
    const version = at(['spec', 'network', 'cni', 'version']);
    switch (name) {
      case 'calico': {
        const tag = calicoTag(network);
        if (tag === undefined || source?.sha256 !== undefined || source?.kind === 'file') return [];
        if (CALICO_MANIFESTS[tag] !== undefined) return [];
        const newest = Object.keys(CALICO_MANIFESTS).slice(-SHOWN);
        return [
          {
            message: `the digest of the manifest of Calico ${tag} is not known`,
            location: version,
            hint: `use ${sentence(newest)}, or give network.cni.source.sha256`,
          },
        ];
      }
      case 'cilium':
        return source?.kind === 'url'
          ? [
              {
                message: 'a chart comes from a repository or a file, not from an address',
                location: here,
                hint: 'use kind: mirror with the repository, or kind: file',
              },
            ]
          : [];
      default:
        return source === undefined
          ? []
          : [{ message: `${name} is not made from a manifest`, location: here, hint: 'remove it' }];
    }
  },
});
