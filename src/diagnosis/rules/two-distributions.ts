import { observe } from '../access.js';
import { findingIf, manual, where } from '../compose.js';
import { defineRule } from '../rule.js';

export const twoDistributions = defineRule({
  code: 'two-distributions',
  title: 'Two Kubernetes distributions on one host',
  severity: 'error',
  reads: ['kubernetes'],
  explain: `Two distributions share ports 6443, 10250 and 2379, the names of chains and the CNI folders. Whichever starts first wins, and after a reboot it may be the other one.`,
  causes: ['port-api-taken', 'port-kubelet-taken', 'port-etcd-taken', 'install-failing', 'existing-cluster'],
  check: (context) => {
    const seen = observe(context, 'kubernetes', ({ installs }) => {
      const kinds = [...new Set(installs.map(({ kind }) => kind))];
      return kinds.length < 2
        ? undefined
        : {
            text: installs
              .map(({ kind, active, enabled }) => `${kind} (${active}, ${enabled})`)
              .join(' and '),
            at: 'installs',
          };
    });
    return findingIf(seen, () => ({
      title: `Two Kubernetes distributions are installed on ${where(seen)}`,
      cause: 'A second one was installed before the first was removed.',
      fix: manual('decide which one stays, save the volumes, then: k3s-uninstall.sh, or kubeadm reset'),
    }));
  },
});
