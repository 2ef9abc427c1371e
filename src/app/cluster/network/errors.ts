import { defineErrors } from '../../../core/error.js';

/** What can be wrong with the manifest of a cluster network, by code. */
export const manifestErrors = defineErrors({
  'network-manifest-unreachable': {
    title: 'The manifest of the cluster network cannot be fetched',
    exit: 'preflight',
    explain:
      'Calico, and Flannel as a DaemonSet, are made from what their projects publish for each release. It was not reached, or there is none of this version. Without internet name a mirror, or a file at hand, in `network.cni.source`.',
  },
  'network-manifest-checksum': {
    title: 'The manifest of the cluster network is not the one that it must be',
    exit: 'preflight',
    explain:
      'Its SHA-256 is not the one that Drover knows of this release, or that `network.cni.source.sha256` gives: a proxy answered with a page of its own, a mirror has another file, or it was changed. Nothing of it is used.',
  },
  'network-manifest-unreadable': {
    title: 'The manifest of the cluster network cannot be read',
    exit: 'spec',
    explain:
      'The file that `network.cni.source` names is not there, or cannot be read. Paths are relative to the spec.',
  },
  'network-manifest-other': {
    title: 'The file is not the manifest of the cluster network',
    exit: 'spec',
    explain:
      'Drover changes what a network’s project publishes for a release: the settings of its agents, the ranges, where the plugin is put. The file lacks what is changed. `network.cni.by` says which files those are: Calico by `manifest` (`manifests/calico.yaml`), Calico by `operator` (`manifests/operator-crds.yaml` and `manifests/tigera-operator.yaml`, one behind the other), Flannel by `daemonset` (`Documentation/kube-flannel.yml`).',
  },
});
