import { defineSpecRule } from '../rule.js';
import { KUBERNETES_MINORS, kubernetesOf, minorOf } from '../versions.js';

export const kubernetesEndOfLife = defineSpecRule({
  code: 'kubernetes-end-of-life',
  title: 'This Kubernetes version gets no more fixes',
  severity: 'warning',
  explain: `Kubernetes fixes a minor version for about 14 months. After that, holes stay open. New clusters should start on a
maintained version; existing ones are upgraded one minor at a time.`,
  source: 'https://kubernetes.io/releases/patch-releases/',
  reads: ['distribution'],
  check: ({ distribution }, { at, today }) => {
    const minor = minorOf(kubernetesOf(distribution) ?? '');
    const end = minor === undefined ? undefined : KUBERNETES_MINORS[minor];
    if (minor === undefined || end === undefined || today <= end) return [];
    return [
      {
        message: `Kubernetes ${minor} gets no more fixes since ${end}`,
        location: at(['spec', 'distribution', 'version']),
        hint: 'choose a newer version',
      },
    ];
  },
});
