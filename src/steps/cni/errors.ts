import { defineErrors } from '../../core/error.js';

/** Failures of changing a cluster network, by code. */
export const cniErrors = defineErrors({
  'cni-pods-guarded': {
    title: 'A disruption budget forbids that pods are recreated',
    exit: 'paused',
    explain:
      'The node’s new network is proven and its runtime uses it. Pods that were made before keep their old addresses until they are recreated, and a disruption budget allows no more of them to be away. They were asked to leave again and again until the time was over; nothing was forced.\n\nThe node works meanwhile, with pods in both networks. Add replicas, or change the budget that is named; then `drover apply --resume`.',
  },
  'cni-pod-not-recreated': {
    title: 'A pod does not come back in the new network',
    exit: 'stopped',
    explain:
      'The pod was recreated and is not ready as it was before; the message holds the words of the scheduler, the runtime, the kubelet or the container’s last lines. The node was put back: its runtime reads the former configuration, and its pods have addresses of the former network again.\n\nMend the pod, then `drover apply --resume`; or `drover rollback`.',
  },
  'cni-not-proven': {
    title: 'The new network of a node could not be proven',
    exit: 'stopped',
    explain:
      'A new pod of Drover’s own on the node, and one on every other node, asked each other in both directions. Somebody did not answer, did not start, or was seen with another address than its own. No pod of the users was touched; the node was put back.\n\nAn address of a node instead of a pod’s own means that Flannel’s masquerading stands before the bypass rule. No answer in one direction alone means a strict reverse path filter. `drover doctor` looks at both.',
  },
  'cni-conf-refused': {
    title: 'The configuration of a network cannot be put in place',
    exit: 'stopped',
    explain:
      'The runtime of the host reads another folder than planned, another file there would be read first, a plugin of the network is missing, or its pods have not left their configuration yet. Nothing was changed. Plan again.',
  },
  'cni-not-up': {
    title: 'A network does not come up on every node',
    exit: 'stopped',
    explain:
      'Its agents are not ready everywhere, or they are and what they should have made is missing on a host: the device, the routes to the other nodes, the plugins. A network’s own health does not tell of these. The message names the node, the pod and its last lines.\n\nNo pod uses this network yet. Mend the cause, then `drover apply --resume`; or `drover rollback`, which removes it.',
  },
  'cni-residue-left': {
    title: 'Something of the former network is left',
    exit: 'stopped',
    explain:
      'After the change the hosts and the cluster are looked at again: packet filters in both back ends, sets, devices, routes, files, annotations, definitions. What is named belongs to a network that nobody uses any more.\n\n`drover clean cni` removes it; then `drover apply --resume`.',
  },
  'services-not-proven': {
    title: 'Services do not follow their endpoints',
    exit: 'stopped',
    explain:
      'A Service of Drover’s own probes got other pods behind it, and from some node it is still answered by one that is gone from it, or by nobody. Rules of a kube-proxy that was switched off look well until endpoints change, and that is what has been tried.\n\nNo pod and no Service of the users was touched. The message names the node, and whether a pod or the host asked. `drover rollback` goes back to who programmed Services before.',
  },
  'services-not-clean': {
    title: 'Rules of kube-proxy cannot be removed',
    exit: 'stopped',
    explain:
      'On a host where no kube-proxy runs any more its chains, sets, device or virtual servers are left, and something of it cannot be removed. The message says what. Virtual servers of IPVS go with `ipvsadm`, or with the next start of the host.',
  },
});
