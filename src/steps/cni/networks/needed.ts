import type { KubeObject } from '../../../core/ports/kube.js';
import type { ManifestName } from '../../../spec/networks/manifests.js';

const KEPT = {
  calico: ['ConfigMap kube-system/calico-config', 'DaemonSet kube-system/calico-node'],
  'calico-operator': [
    'CustomResourceDefinition /installations.operator.tigera.io',
    'CustomResourceDefinition /ippools.crd.projectcalico.org',
    'Deployment tigera-operator/tigera-operator',
  ],
  flannel: ['ConfigMap kube-flannel/kube-flannel-cfg', 'DaemonSet kube-flannel/kube-flannel-ds'],
} as const;

export const idOf = ({ kind, metadata: { namespace = '', name } }: KubeObject): string =>
  `${kind} ${namespace}/${name}`;

/** What is missing in objects that are said to be a manifest: what a set changes, or cannot do without. */
export const missingIn = (name: ManifestName, upstream: readonly KubeObject[]): readonly string[] => {
  const there = new Set(upstream.map(idOf));
  return KEPT[name].filter((id) => !there.has(id));
};
