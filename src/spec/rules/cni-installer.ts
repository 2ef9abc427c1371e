import { sentence } from '../../core/text.js';
import { INSTALLERS } from '../cni.js';
import { defineSpecRule } from '../rule.js';

export const cniInstaller = defineSpecRule({
  code: 'cni-installer',
  title: 'The cluster network is not installed that way',
  severity: 'error',
  explain: `\`network.cni.by\` says what installs the network, where there is a choice:

- flannel: \`k3s\` (inside K3s, the default) or \`daemonset\` (its project’s manifest; ranges, device and port are the same)
- calico: \`manifest\` (the default) or \`operator\` (Tigera’s, which makes the agents and follows an Installation)
- cilium: \`chart\`; lab: \`daemonset\`

K3s brings Flannel; another distribution has it as a DaemonSet.`,
  reads: ['network', 'distribution'],
  check: ({ network, distribution }, { at }) => {
    const { name, by } = network.cni;
    const ways = INSTALLERS[name];
    if (by === undefined) return [];
    const location = at(['spec', 'network', 'cni', 'by']);
    if (!ways.includes(by))
      return [
        {
          message: name === 'none' ? 'nothing is installed' : `${name} is not installed by ${by}`,
          location,
          hint: ways.length === 0 ? 'leave it out' : `${name} is installed by ${sentence(ways)}`,
        },
      ];
    return by === 'k3s' && distribution.kind !== 'k3s'
      ? [{ message: `${distribution.kind} brings no Flannel of its own`, location, hint: 'use daemonset' }]
      : [];
  },
});
