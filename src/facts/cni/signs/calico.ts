import type { Signs } from '../driver.js';

/** Definitions of policy.networking.k8s.io, which its manifests bring too, are not its own: other networks use them. */
const common = {
  config: /calico|k8s-pod-network|canal/,
  annotations: /^projectcalico\.org\//,
};

export const calicoManifestSigns: Signs = {
  ...common,
  agents: /^kube-system\/calico-node$/,
  definitions: /\.(crd\.)?projectcalico\.org$/,
};

export const calicoOperatorSigns: Signs = {
  ...common,
  agents: /^calico-system\/calico-node$/,
  definitions: /\.((crd\.)?projectcalico\.org|operator\.tigera\.io)$/,
};
