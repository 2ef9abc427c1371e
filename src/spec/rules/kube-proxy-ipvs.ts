import semver from 'semver';
import { defineSpecRule } from '../rule.js';
import { kubernetesOf } from '../versions.js';

export const kubeProxyIpvs = defineSpecRule({
  code: 'kube-proxy-ipvs',
  title: 'kube-proxy’s ipvs mode is on its way out',
  severity: 'warning',
  explain: `Kubernetes deprecated the ipvs mode in 1.35 (KEP-5495); a feature gate guards it from 1.37 and it is planned to be
off in 1.40. Use \`nftables\` (stable since 1.33) or \`iptables\`.`,
  source: 'https://github.com/kubernetes/enhancements/issues/5495',
  reads: ['network', 'distribution'],
  check: ({ network, distribution }, { at }) => {
    const kubernetes = kubernetesOf(distribution);
    if (network.kubeProxy !== 'ipvs' || kubernetes === undefined || semver.lt(kubernetes, '1.35.0'))
      return [];
    return [
      {
        message: `the ipvs mode is deprecated in Kubernetes ${kubernetes}`,
        location: at(['spec', 'network', 'kubeProxy']),
        hint: 'use nftables or iptables',
      },
    ];
  },
});
