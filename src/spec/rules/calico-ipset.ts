import semver from 'semver';
import { defineSpecRule } from '../rule.js';
import { cniVersionOf } from '../versions.js';

export const calicoIpset = defineSpecRule({
  code: 'calico-ipset',
  title: 'This Calico stops when another program writes its ipsets',
  severity: 'warning',
  explain: `Calico images up to v3.31.7 carry ipset 7.11, which reads sets of revision 5 and older. Newer programs on the host (K3s'
own network policy controller, kube-proxy in ipvs mode) write newer revisions, and calico-node then stops with *Kernel and
userspace incompatible: settype hash:ip with revision 6 not supported by userspace*.

That is not the end of Calico: v3.27.1 and later list only their own sets; **v3.30.6, v3.31.3, v3.32.0** and later make
unreadable sets anew. On K3s Drover also switches off the network policy controller, which is the usual writer.`,
  source: 'https://github.com/projectcalico/calico/issues/11051',
  reads: ['network'],
  check: ({ network }, { at }) => {
    const version = cniVersionOf(network);
    if (network.cni.name !== 'calico' || version === undefined) return [];
    if (semver.satisfies(version, '~3.30.6 || ~3.31.3 || >=3.32.0')) return [];
    return [
      {
        message: `Calico ${version} stops on ipsets that another program wrote`,
        location: at(['spec', 'network', 'cni', 'version']),
        hint: 'use v3.31.7, or any from v3.30.6, v3.31.3 or v3.32.0 on',
      },
    ];
  },
});
