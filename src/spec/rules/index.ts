import type { SpecRule } from '../rule.js';
import { acceptanceUrlUnserved } from './acceptance-url-unserved.js';
import { addressInClusterRange } from './address-in-cluster-range.js';
import { apiEndpoint } from './api-endpoint.js';
import { apiEndpointSingle } from './api-endpoint-single.js';
import { appHostTwice } from './app-host-twice.js';
import { appHpa } from './app-hpa.js';
import { appNameTaken } from './app-name-taken.js';
import { appNeedDisabled } from './app-need-disabled.js';
import { appNeedsCycle } from './app-needs-cycle.js';
import { appPortUnknown } from './app-port-unknown.js';
import { appSecretUnprovided } from './app-secret-unprovided.js';
import { appWithoutIngress } from './app-without-ingress.js';
import { calicoIpset } from './calico-ipset.js';
import { changeBudget } from './change-budget.js';
import { clusterDns } from './cluster-dns.js';
import { cniInstaller } from './cni-installer.js';
import { cniMode } from './cni-mode.js';
import { cniMtu } from './cni-mtu.js';
import { cniOptionDead } from './cni-option-dead.js';
import { cniOptionUseless } from './cni-option-useless.js';
import { cniPool } from './cni-pool.js';
import { cniSource } from './cni-source.js';
import { cniVersion } from './cni-version.js';
import { directRoutesOnRoutedNetwork } from './direct-routes-on-routed-network.js';
import { duplicateHostAddress } from './duplicate-host-address.js';
import { duplicateHostName } from './duplicate-host-name.js';
import { duplicateName } from './duplicate-name.js';
import { exceptionEnded } from './exception-ended.js';
import { externalServiceEndpoint } from './external-service-endpoint.js';
import { hostLabel } from './host-label.js';
import { hostOutsideNodeRange } from './host-outside-node-range.js';
import { imageMoves } from './image-moves.js';
import { ingressAnnotationLost } from './ingress-annotation-lost.js';
import { ingressNginxArchived } from './ingress-nginx-archived.js';
import { ingressNotOnEveryNode } from './ingress-not-on-every-node.js';
import { ipipAndProviderFirewall } from './ipip-and-provider-firewall.js';
import { k3sConfigOwned } from './k3s-config-owned.js';
import { k3sConfigUnknown } from './k3s-config-unknown.js';
import { k3sVersion } from './k3s-version.js';
import { kubeProxyIpvs } from './kube-proxy-ipvs.js';
import { kubeProxyMode } from './kube-proxy-mode.js';
import { kubernetesEndOfLife } from './kubernetes-end-of-life.js';
import { kubernetesVersionUnknown } from './kubernetes-version-unknown.js';
import { kubesprayVariables } from './kubespray-variables.js';
import { kubesprayVersion } from './kubespray-version.js';
import { labFirewall } from './lab-firewall.js';
import { loadBalancerAddress } from './load-balancer-address.js';
import { loadBalancerManage } from './load-balancer-manage.js';
import { monitoringLogin } from './monitoring-login.js';
import { podRangeTooSmall } from './pod-range-too-small.js';
import { podsPerNode } from './pods-per-node.js';
import { providerLimits } from './provider-limits.js';
import { rangeFamilies } from './range-families.js';
import { rangeHostBits } from './range-host-bits.js';
import { rangeInsideProvider } from './range-inside-provider.js';
import { rangesOverlap } from './ranges-overlap.js';
import { resolvers } from './resolvers.js';
import { sanNeedless } from './san-needless.js';
import { secretInPlainText } from './secret-in-plain-text.js';
import { serverCount } from './server-count.js';
import { serviceRangeSize } from './service-range-size.js';
import { unknownReference } from './unknown-reference.js';
import { unknownSecret } from './unknown-secret.js';
import { vaultFile } from './vault-file.js';
import { vaultUndeclared } from './vault-undeclared.js';

/** All named rules of a spec. */
export const specRules: readonly SpecRule[] = [
  acceptanceUrlUnserved,
  addressInClusterRange,
  apiEndpointSingle,
  apiEndpoint,
  appHostTwice,
  appHpa,
  appNameTaken,
  appNeedDisabled,
  appNeedsCycle,
  appPortUnknown,
  appSecretUnprovided,
  appWithoutIngress,
  calicoIpset,
  clusterDns,
  changeBudget,
  cniInstaller,
  cniMode,
  cniMtu,
  cniOptionDead,
  cniOptionUseless,
  cniPool,
  cniSource,
  cniVersion,
  directRoutesOnRoutedNetwork,
  duplicateHostAddress,
  duplicateHostName,
  duplicateName,
  exceptionEnded,
  externalServiceEndpoint,
  hostLabel,
  hostOutsideNodeRange,
  imageMoves,
  ingressAnnotationLost,
  ingressNginxArchived,
  ingressNotOnEveryNode,
  ipipAndProviderFirewall,
  k3sConfigOwned,
  k3sConfigUnknown,
  k3sVersion,
  kubeProxyIpvs,
  kubeProxyMode,
  kubernetesEndOfLife,
  kubernetesVersionUnknown,
  kubesprayVariables,
  kubesprayVersion,
  labFirewall,
  loadBalancerAddress,
  loadBalancerManage,
  monitoringLogin,
  podRangeTooSmall,
  podsPerNode,
  providerLimits,
  rangeFamilies,
  rangeHostBits,
  rangeInsideProvider,
  rangesOverlap,
  resolvers,
  sanNeedless,
  secretInPlainText,
  serverCount,
  serviceRangeSize,
  unknownReference,
  unknownSecret,
  vaultFile,
  vaultUndeclared,
];
