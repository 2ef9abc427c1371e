import { kubernetesRuns, leftoversRule } from '../shapes/leftovers.js';

export const otherLeftovers = leftoversRule({
  code: 'other-leftovers',
  title: 'Other parts of a cluster left traces',
  owners: ['portmap', 'k3s', 'rke2', 'kubespray', 'weave'],
  called: 'An earlier cluster',
  inUse: kubernetesRuns,
  byHand: 'see each with ip link, iptables-save and ls; the safest way is to remove the files and reboot',
  explain: `Devices, chains or files of port mappings, K3s, RKE2, Kubespray (nodelocaldns, dummy0) or Weave stand on a host without a cluster. Chains CNI-HOSTPORT-* keep sending ports of the host to pods that are gone.`,
  causes: [],
});
