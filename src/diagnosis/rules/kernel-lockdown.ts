import { observe } from '../access.js';
import { findingIf, manual, where } from '../compose.js';
import { defineRule } from '../rule.js';

export const kernelLockdown = defineRule({
  code: 'kernel-lockdown',
  title: 'Kernel lockdown forbids BPF',
  severity: 'error',
  reads: ['security', 'spec'],
  explain: `Kernel lockdown in the mode "confidentiality" forbids BPF programs to read kernel memory, which Cilium needs. The mode comes from the kernel command line or from the firmware's secure boot policy.`,
  source: 'man kernel_lockdown(7)',
  check: (context) => {
    if (context.cluster?.spec.network.cni.name !== 'cilium') return [];
    const seen = observe(context, 'security', ({ lockdown: mode }) =>
      mode === 'confidentiality' ? { text: 'lockdown: confidentiality', at: 'lockdown' } : undefined,
    );
    return findingIf(seen, () => ({
      title: `Cilium cannot load its programs on ${where(seen)}: the kernel is locked down`,
      cause: 'The kernel runs in lockdown mode "confidentiality".',
      fix: manual('start the kernel with lockdown=integrity, or choose Flannel or Calico'),
    }));
  },
});
