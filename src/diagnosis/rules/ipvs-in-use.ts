import { observe } from '../access.js';
import { findingIf, step, where } from '../compose.js';
import { defineRule } from '../rule.js';

export const ipvsInUse = defineRule({
  code: 'ipvs-in-use',
  title: 'kube-proxy runs in IPVS mode, which is on its way out',
  severity: 'info',
  reads: ['traces', 'kubernetes'],
  explain: `The IPVS mode of kube-proxy is deprecated since Kubernetes 1.35 and is to be switched off in 1.40. nftables is stable since 1.33 (kernel 5.13 and newer); iptables remains.`,
  source: 'https://github.com/kubernetes/enhancements/issues/5495',
  check: (context) => {
    const seen = observe(context, 'traces', (traces) =>
      traces.some(({ kind, name }) => kind === 'ipvs' || name === 'kube-ipvs0')
        ? 'kube-ipvs0 exists'
        : undefined,
    );
    return findingIf(seen, () => ({
      title: `kube-proxy uses IPVS on ${where(seen)}, a mode that Kubernetes drops`,
      cause: 'The cluster was set up with kube-proxy in IPVS mode (the default of Kubespray).',
      fix: step(
        'k3s.config',
        'kube-proxy-arg: [proxy-mode=nftables], or kube_proxy_mode: nftables for Kubespray',
      ),
    }));
  },
});
