import { defineErrors } from '../../../core/error.js';

/** What can be wrong with the manifest of a cluster network, by code. */
export const manifestErrors = defineErrors({
  'network-manifest-unreachable': {
    title: 'The manifest of the cluster network cannot be fetched',
    exit: 'preflight',
    explain:
      'Calico is made from the manifest that its project publishes for each release. It was not reached, or there is none of this version. Without internet name a mirror, or a file at hand, in `network.cni.source`.',
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
  'network-manifest-not-calico': {
    title: 'The file is not Calico’s manifest',
    exit: 'spec',
    explain:
      'Drover changes the manifest of a release (`manifests/calico.yaml`): the settings of its agents, the ranges, where the plugin is put. The file lacks what is changed. The files of the operator (`tigera-operator.yaml`, `custom-resources.yaml`) are another way to install Calico.',
  },
});
