import { judgesPolicies } from '../../facts/cni/in-use.js';
import { liveInstalls } from '../access.js';
import { leftoversRule } from '../shapes/leftovers.js';

export const kubeRouterLeftovers = leftoversRule({
  code: 'kube-router-leftovers',
  title: "K3s' network policy controller left rules",
  owners: ['kube-router'],
  called: "K3s' network policy controller (kube-router)",
  // Agents have no such setting: what servers say counts for all.
  inUse: (host, all) => liveInstalls(host).some(({ kind }) => kind === 'k3s') && judgesPolicies(all),
  removedBy: 'cni.clean',
  byHand:
    "iptables-save | grep -vE 'KUBE-(ROUTER|NWPLCY|POD-FW)' | iptables-restore; ipset list -n | grep -E '^KUBE-|^kube-router' | xargs -n1 ipset destroy; or reboot",
  explain: `Chains KUBE-ROUTER-*, KUBE-NWPLCY-* and KUBE-POD-FW-* stand although the controller is off. They go on enforcing policies of pods that are gone. The controller is also the one that rewrites Calico's ipsets at a newer
revision (see \`ipset-unreadable\`).`,
  causes: [],
});
