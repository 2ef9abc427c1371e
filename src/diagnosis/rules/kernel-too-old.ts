import { grouped, observe } from '../access.js';
import { findingPerKey, manual, where } from '../compose.js';
import { kernelAtLeast } from '../kernel-version.js';
import { defineRule } from '../rule.js';

export const kernelTooOld = defineRule({
  code: 'kernel-too-old',
  title: 'The kernel is too old for Kubernetes',
  severity: 'warning',
  reads: ['os'],
  explain: `kubeadm's preflight accepts 4.19 and newer, and Kubernetes' own tests run on 5.4 and newer. Older kernels lack what kubelet, the container
runtime and every cluster network expect; between the two, expect missing features (nftables mode needs 5.13, Cilium 5.10).`,
  source: 'https://kubernetes.io/docs/reference/node/kernel-version-requirements/',
  check: (context) => {
    const seen = observe(context, 'os', ({ kernel }) => {
      if (kernelAtLeast(kernel, '5.4') !== false) return undefined;
      const key = kernelAtLeast(kernel, '4.19') === true ? 'warning' : 'error';
      return { text: `kernel ${kernel}`, at: 'kernel', key };
    });
    return findingPerKey(grouped(seen), (severity, group) => ({
      severity: severity === 'error' ? 'error' : 'warning',
      title: `The kernel on ${where(group)} is older than ${severity === 'error' ? '4.19' : '5.4'}`,
      cause: 'The distribution, or the kernel that it boots, is too old.',
      fix: manual('upgrade the distribution; on Debian: apt full-upgrade && reboot'),
    }));
  },
});
