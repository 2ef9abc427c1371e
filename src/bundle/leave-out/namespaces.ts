const SYSTEM: readonly RegExp[] = [
  /^kube-(system|public|node-lease)$/,
  /^(gke|gmp|aks)-/,
  /^cattle-/,
  /^fleet-/,
  /^(calico-system|calico-apiserver|tigera-operator)$/,
  /^openshift(-|$)/,
  // The lab's own network.
  /^lab-network$/,
  // Drover's own verification.
  /^drover-/,
];

/** Namespaces that belong to the cluster itself; they are carried only when they are named. */
export const isSystemNamespace = (name: string): boolean => SYSTEM.some((known) => known.test(name));
