import semver from 'semver';
import { defineSpecRule } from '../rule.js';
import { kubernetesOf } from '../versions.js';

export const kubeProxyMode = defineSpecRule({
  code: 'kube-proxy-mode',
  title: 'Nobody, or somebody who cannot, would program Services',
  severity: 'error',
  explain: `\`replaced\` means that the cluster network programs Services instead of kube-proxy: only Cilium does it here. With
another network ClusterIPs lead nowhere. \`nftables\` exists since Kubernetes 1.29 and is on by default since 1.31.`,
  reads: ['network', 'distribution'],
  check: ({ network, distribution }, { at }) => {
    const location = at(['spec', 'network', 'kubeProxy']);
    const kubernetes = kubernetesOf(distribution);
    if (network.kubeProxy === 'replaced' && network.cni.name !== 'cilium')
      return [
        {
          message: `${network.cni.name} does not replace kube-proxy`,
          location,
          hint: 'use iptables or nftables, or Cilium as the network',
        },
      ];
    if (network.kubeProxy === 'nftables' && kubernetes !== undefined && semver.lt(kubernetes, '1.31.0'))
      return [
        {
          message: `kube-proxy of Kubernetes ${kubernetes} has no nftables mode`,
          location,
          hint: 'use iptables',
        },
      ];
    return [];
  },
});
