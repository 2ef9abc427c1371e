/**
 * Field managers that are part of a cluster: what they alone own is computed and comes again on the target.
 * Whatever is not listed counts as a person or a tool of one, whose fields are kept.
 */
const CONTROLLERS: readonly RegExp[] = [
  /^kube-controller-manager$/,
  /^cloud-controller-manager$/,
  /^kube-scheduler$/,
  /^kube-apiserver$/,
  /^kubelet$/,
  /^kube-proxy$/,
  /^clusterrole-aggregation-controller$/,
  // K3s and RKE2 run the controllers in one process of this name; what they deploy has `deploy@HOST`.
  /^(k3s|rke2)(-supervisor|-agent|-cloud-controller-manager)?$/,
  /^(cert-manager-)?cainjector$/,
  /^cert-manager-cainjector$/,
  /^(csi-|external-)?(provisioner|attacher|resizer|snapshotter)$/,
  /^local-path-provisioner$/,
  /^calico-(node|kube-controllers)$/,
  /^cilium-(agent|operator.*)$/,
  /^flanneld?$/,
];

export const isController = (manager: string): boolean => CONTROLLERS.some((known) => known.test(manager));
