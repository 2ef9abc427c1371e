import { defineSpecRule } from '../rule.js';
import { KUBERNETES_MINORS, kubernetesOf, minorOf } from '../versions.js';

export const kubernetesVersionUnknown = defineSpecRule({
  code: 'kubernetes-version-unknown',
  title: 'This Drover was not made for this Kubernetes version',
  severity: 'warning',
  explain: `Drover knows what changed between the Kubernetes versions that it was tested with. Outside of them its advice may be
wrong, and keys of K3s, Kubespray and the cluster networks may have changed. Choose a known version, or take a newer Drover.`,
  reads: ['distribution'],
  check: ({ distribution }, { at }) => {
    const kubernetes = kubernetesOf(distribution);
    const minor = kubernetes === undefined ? undefined : minorOf(kubernetes);
    if (minor === undefined || KUBERNETES_MINORS[minor] !== undefined) return [];
    const known = Object.keys(KUBERNETES_MINORS);
    return [
      {
        message: `Kubernetes ${minor} is not known to this version of Drover`,
        location: at([
          'spec',
          'distribution',
          distribution.kind === 'kubespray' && distribution.kubernetes !== undefined
            ? 'kubernetes'
            : 'version',
        ]),
        hint: `known: ${known.at(0) ?? ''} to ${known.at(-1) ?? ''}`,
      },
    ];
  },
});
