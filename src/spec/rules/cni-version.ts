import semver from 'semver';
import { installerOf } from '../cni.js';
import { defineSpecRule } from '../rule.js';

export const cniVersion = defineSpecRule({
  code: 'cni-version',
  title: 'This is not a version of the cluster network',
  severity: 'error',
  explain: `A version looks like \`v3.31.7\` (Calico), \`v0.28.9\` (Flannel as a DaemonSet) or \`1.19.4\` (Cilium). Flannel inside K3s comes with
it and has no version of its own. Tags that move, such as \`latest\`, are not versions.`,
  reads: ['network', 'distribution'],
  check: ({ network, distribution }, { at }) => {
    const { name, version } = network.cni;
    if (version === undefined) return [];
    const location = at(['spec', 'network', 'cni', 'version']);
    if (installerOf(network) === 'flannel/k3s' && distribution.kind === 'k3s')
      return [
        {
          message: 'Flannel comes with K3s: its version follows distribution.version',
          location,
          hint: 'leave it out',
        },
      ];
    if (name === 'lab')
      return [{ message: 'the lab’s network has no versions', location, hint: 'leave it out' }];
    if (semver.valid(version) !== null) return [];
    return [
      {
        message: 'this is no version',
        location,
        hint: name === 'cilium' ? 'for example 1.19.4' : 'for example v3.31.7',
      },
    ];
  },
});
