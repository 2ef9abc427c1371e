import { observe, valueOf } from '../access.js';
import { findingIf, manual, where } from '../compose.js';
import { kernelAtLeast } from '../kernel-version.js';
import { defineRule } from '../rule.js';

export const kernelProxyMissing = defineRule({
  code: 'kernel-proxy-missing',
  title: 'The kernel lacks what the chosen kube-proxy mode needs',
  severity: 'error',
  reads: ['kernel', 'os', 'spec'],
  explain: `\`kubeProxy: ipvs\` needs the module \`ip_vs\`; \`kubeProxy: nftables\` needs kernel 5.13 or newer and \`nf_tables\`. kube-proxy in IPVS mode is deprecated
since Kubernetes 1.35, so nftables or iptables is the better way out.`,
  source: 'https://kubernetes.io/docs/reference/networking/virtual-ips/',
  check: (context) => {
    const mode = context.cluster?.spec.network.kubeProxy;
    if (mode !== 'ipvs' && mode !== 'nftables') return [];
    const name = mode === 'ipvs' ? 'ip_vs' : 'nf_tables';
    const seen = observe(context, 'kernel', ({ features }, host) => {
      const kernel = valueOf(host, 'os')?.kernel ?? '';
      if (features[name] === 'absent') return { text: `no ${name}`, at: `features.${name}` };
      return mode === 'nftables' && kernelAtLeast(kernel, '5.13') === false
        ? `kernel ${kernel} is older than 5.13`
        : undefined;
    });
    return findingIf(seen, () => ({
      title: `kube-proxy in ${mode} mode cannot work on ${where(seen)}`,
      cause: `The kernel lacks ${name}, or is too old for it.`,
      fix: manual('set spec.network.kubeProxy: iptables, or install a newer kernel'),
    }));
  },
});
