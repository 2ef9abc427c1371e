import type { Rule } from '../rule.js';
import { architecturesDiffer } from './architectures-differ.js';
import { argumentsBeatFiles } from './arguments-beat-files.js';
import { bridgeNfCallOff } from './bridge-nf-call-off.js';
import { calicoDefaultDeny } from './calico-default-deny.js';
import { calicoLeftovers } from './calico-leftovers.js';
import { certificatesExpiring } from './certificates-expiring.js';
import { cgroupControllersMissing } from './cgroup-controllers-missing.js';
import { cgroupV1 } from './cgroup-v1.js';
import { ciliumBackups } from './cilium-backups.js';
import { ciliumLeftovers } from './cilium-leftovers.js';
import { ciliumRules } from './cilium-rules.js';
import { claim8472Blocked } from './claim-8472-blocked.js';
import { claimCiliumAvoidsVxlan } from './claim-cilium-avoids-vxlan.js';
import { claimDirectRoutes } from './claim-direct-routes.js';
import { claimIpipNotBlocked } from './claim-ipip-not-blocked.js';
import { claimIpset } from './claim-ipset.js';
import { clockNotSynchronised } from './clock-not-synchronised.js';
import { clockOperator } from './clock-operator.js';
import { clockSkew } from './clock-skew.js';
import { clusterBudgetBlocks } from './cluster-budget-blocks.js';
import { clusterCertificatesExpiring } from './cluster-certificates-expiring.js';
import { clusterDefaultClass } from './cluster-default-class.js';
import { clusterDnsDown } from './cluster-dns-down.js';
import { clusterEtcdVotes } from './cluster-etcd-votes.js';
import { clusterNodeCordoned } from './cluster-node-cordoned.js';
import { clusterNodeNotReady } from './cluster-node-not-ready.js';
import { clusterNodePressure } from './cluster-node-pressure.js';
import { clusterRemains } from './cluster-remains.js';
import { clusterVersionsDiffer } from './cluster-versions-differ.js';
import { clusterWorkloadUnready } from './cluster-workload-unready.js';
import { conflistStale } from './conflist-stale.js';
import { conflistUnread } from './conflist-unread.js';
import { conntrackFull } from './conntrack-full.js';
import { conntrackLow } from './conntrack-low.js';
import { conntrackOverflow } from './conntrack-overflow.js';
import { contactAuth } from './contact-auth.js';
import { contactFailed } from './contact-failed.js';
import { contactHostKeyChanged } from './contact-host-key-changed.js';
import { contactHostKeyUnknown } from './contact-host-key-unknown.js';
import { contactRefused } from './contact-refused.js';
import { contactSlow } from './contact-slow.js';
import { contactSudoRefused } from './contact-sudo-refused.js';
import { contactTimedOut } from './contact-timed-out.js';
import { contactUnreachable } from './contact-unreachable.js';
import { cpuFew } from './cpu-few.js';
import { criticalValuesDiffer } from './critical-values-differ.js';
import { diskFull } from './disk-full.js';
import { diskInodes } from './disk-inodes.js';
import { diskReadOnly } from './disk-read-only.js';
import { diskSmall } from './disk-small.js';
import { duplicateAddress } from './duplicate-address.js';
import { duplicateConfigKeys } from './duplicate-config-keys.js';
import { duplicateHostname } from './duplicate-hostname.js';
import { duplicateMac } from './duplicate-mac.js';
import { duplicateMachineId } from './duplicate-machine-id.js';
import { duplicateProductUuid } from './duplicate-product-uuid.js';
import { duplicateSshHostKeys } from './duplicate-ssh-host-keys.js';
import { existingCluster } from './existing-cluster.js';
import { externalNotReached } from './external-not-reached.js';
import { firewallDefaultDrop } from './firewall-default-drop.js';
import { firewallDropsPort } from './firewall-drops-port.js';
import { firewalldActive } from './firewalld-active.js';
import { flannelLeftovers } from './flannel-leftovers.js';
import { flannelMasquerade } from './flannel-masquerade.js';
import { forwardPolicyDrop } from './forward-policy-drop.js';
import { hostnameDiffers } from './hostname-differs.js';
import { hostnameInvalid } from './hostname-invalid.js';
import { hostnameLoopback } from './hostname-loopback.js';
import { hostnameNotKept } from './hostname-not-kept.js';
import { hostsFileStale } from './hosts-file-stale.js';
import { hungTasks } from './hung-tasks.js';
import { initNotSystemd } from './init-not-systemd.js';
import { inotifyLow } from './inotify-low.js';
import { installFailing } from './install-failing.js';
import { installRoleDiffers } from './install-role-differs.js';
import { installStopped } from './install-stopped.js';
import { ipForwardOff } from './ip-forward-off.js';
import { ipipLost } from './ipip-lost.js';
import { ipipNoRoutes } from './ipip-no-routes.js';
import { ipipUnproven } from './ipip-unproven.js';
import { ipsetSkew } from './ipset-skew.js';
import { ipsetUnreadable } from './ipset-unreadable.js';
import { iptablesBothBackends } from './iptables-both-backends.js';
import { iptablesBroken } from './iptables-broken.js';
import { ipvsInUse } from './ipvs-in-use.js';
import { k3sVersionsDiffer } from './k3s-versions-differ.js';
import { kernelBaseMissing } from './kernel-base-missing.js';
import { kernelIoErrors } from './kernel-io-errors.js';
import { kernelLockdown } from './kernel-lockdown.js';
import { kernelNetworkMissing } from './kernel-network-missing.js';
import { kernelOom } from './kernel-oom.js';
import { kernelProxyMissing } from './kernel-proxy-missing.js';
import { kernelTooOld } from './kernel-too-old.js';
import { kubeProxyDiffers } from './kube-proxy-differs.js';
import { kubeProxyLeftovers } from './kube-proxy-leftovers.js';
import { kubeRouterLeftovers } from './kube-router-leftovers.js';
import { labNetworkLeftovers } from './lab-network-leftovers.js';
import { latencyHigh } from './latency-high.js';
import { memorySmall } from './memory-small.js';
import { mtuDiffers } from './mtu-differs.js';
import { neighbourOverflow } from './neighbour-overflow.js';
import { networkDeviceMissing } from './network-device-missing.js';
import { networkDiffers } from './network-differs.js';
import { networkObjectsLeft } from './network-objects-left.js';
import { networkRouted } from './network-routed.js';
import { networkShapeDiffers } from './network-shape-differs.js';
import { nftSegfault } from './nft-segfault.js';
import { nmCloudSetup } from './nm-cloud-setup.js';
import { noClusterNetwork } from './no-cluster-network.js';
import { noDefaultRoute } from './no-default-route.js';
import { noProbeInterpreter } from './no-probe-interpreter.js';
import { nodeAddressMissing } from './node-address-missing.js';
import { nodeIpWrong } from './node-ip-wrong.js';
import { nodeNetworkMissing } from './node-network-missing.js';
import { nofileLow } from './nofile-low.js';
import { notRoot } from './not-root.js';
import { optionsOnAgent } from './options-on-agent.js';
import { otherLeftovers } from './other-leftovers.js';
import { overlayMtuHigh } from './overlay-mtu-high.js';
import { overlayOnWrongInterface } from './overlay-on-wrong-interface.js';
import { packagesBroken } from './packages-broken.js';
import { packagesLocked } from './packages-locked.js';
import { pathLost } from './path-lost.js';
import { pathMtuLow } from './path-mtu-low.js';
import { pidLimitLow } from './pid-limit-low.js';
import { portApiTaken } from './port-api-taken.js';
import { portEtcdTaken } from './port-etcd-taken.js';
import { portHttpTaken } from './port-http-taken.js';
import { portKubeletTaken } from './port-kubelet-taken.js';
import { portNodeExporterTaken } from './port-node-exporter-taken.js';
import { portTunnelTaken } from './port-tunnel-taken.js';
import { proxyWithoutExceptions } from './proxy-without-exceptions.js';
import { rangeOverlap } from './range-overlap.js';
import { rebootPending } from './reboot-pending.js';
import { resolverImmutable } from './resolver-immutable.js';
import { resolverLoopback } from './resolver-loopback.js';
import { resolverNoneAnswers } from './resolver-none-answers.js';
import { resolverServerDead } from './resolver-server-dead.js';
import { resolverStub } from './resolver-stub.js';
import { resolverTooMany } from './resolver-too-many.js';
import { rpFilterStrict } from './rp-filter-strict.js';
import { selinuxWithoutPolicy } from './selinux-without-policy.js';
import { serverAndAgent } from './server-and-agent.js';
import { serversApart } from './servers-apart.js';
import { serversEven } from './servers-even.js';
import { serviceCertificate } from './service-certificate.js';
import { serviceNameUnknown } from './service-name-unknown.js';
import { serviceNotAnswering } from './service-not-answering.js';
import { severalNetworks } from './several-networks.js';
import { sharedKernel } from './shared-kernel.js';
import { sourceCheck } from './source-check.js';
import { specMtuHigh } from './spec-mtu-high.js';
import { swapAtBoot } from './swap-at-boot.js';
import { swapOn } from './swap-on.js';
import { tcpBlockedByHost } from './tcp-blocked-by-host.js';
import { tcpBlockedByNetwork } from './tcp-blocked-by-network.js';
import { tokensDiffer } from './tokens-differ.js';
import { twoDistributions } from './two-distributions.js';
import { udpBlockedByHost } from './udp-blocked-by-host.js';
import { udpBlockedByNetwork } from './udp-blocked-by-network.js';
import { udpBlockedBySender } from './udp-blocked-by-sender.js';
import { udpChecksumErrors } from './udp-checksum-errors.js';
import { udpDamaged } from './udp-damaged.js';
import { udpRefused } from './udp-refused.js';
import { ufwBlocks } from './ufw-blocks.js';
import { vxlanDeviceStale } from './vxlan-device-stale.js';
import { vxlanFramesLost } from './vxlan-frames-lost.js';
import { vxlanPortsEaten } from './vxlan-ports-eaten.js';
import { wrongInterfaceFirst } from './wrong-interface-first.js';

/** All rules, by code. A new rule is a file and a line here. */
export const rules: readonly Rule[] = [
  architecturesDiffer,
  argumentsBeatFiles,
  bridgeNfCallOff,
  calicoDefaultDeny,
  calicoLeftovers,
  certificatesExpiring,
  cgroupControllersMissing,
  cgroupV1,
  ciliumBackups,
  ciliumLeftovers,
  ciliumRules,
  claim8472Blocked,
  claimCiliumAvoidsVxlan,
  claimDirectRoutes,
  claimIpipNotBlocked,
  claimIpset,
  clockNotSynchronised,
  clockOperator,
  clockSkew,
  clusterBudgetBlocks,
  clusterCertificatesExpiring,
  clusterDefaultClass,
  clusterDnsDown,
  clusterEtcdVotes,
  clusterNodeCordoned,
  clusterNodeNotReady,
  clusterNodePressure,
  clusterRemains,
  clusterVersionsDiffer,
  clusterWorkloadUnready,
  conflistStale,
  conflistUnread,
  conntrackFull,
  conntrackLow,
  conntrackOverflow,
  contactAuth,
  contactFailed,
  contactHostKeyChanged,
  contactHostKeyUnknown,
  contactRefused,
  contactSlow,
  contactSudoRefused,
  contactTimedOut,
  contactUnreachable,
  cpuFew,
  criticalValuesDiffer,
  diskFull,
  diskInodes,
  diskReadOnly,
  diskSmall,
  duplicateAddress,
  duplicateConfigKeys,
  duplicateHostname,
  duplicateMac,
  duplicateMachineId,
  duplicateProductUuid,
  duplicateSshHostKeys,
  existingCluster,
  externalNotReached,
  firewallDefaultDrop,
  firewallDropsPort,
  firewalldActive,
  flannelLeftovers,
  flannelMasquerade,
  forwardPolicyDrop,
  hostnameDiffers,
  hostnameInvalid,
  hostnameLoopback,
  hostnameNotKept,
  hostsFileStale,
  hungTasks,
  initNotSystemd,
  inotifyLow,
  installFailing,
  installRoleDiffers,
  installStopped,
  ipForwardOff,
  ipipLost,
  ipipNoRoutes,
  ipipUnproven,
  ipsetSkew,
  ipsetUnreadable,
  iptablesBothBackends,
  iptablesBroken,
  ipvsInUse,
  k3sVersionsDiffer,
  kernelBaseMissing,
  kernelIoErrors,
  kernelLockdown,
  kernelNetworkMissing,
  kernelOom,
  kernelProxyMissing,
  kernelTooOld,
  kubeProxyDiffers,
  kubeProxyLeftovers,
  kubeRouterLeftovers,
  labNetworkLeftovers,
  latencyHigh,
  memorySmall,
  mtuDiffers,
  neighbourOverflow,
  networkDeviceMissing,
  networkDiffers,
  networkObjectsLeft,
  networkRouted,
  networkShapeDiffers,
  nftSegfault,
  nmCloudSetup,
  noClusterNetwork,
  noDefaultRoute,
  noProbeInterpreter,
  nodeAddressMissing,
  nodeIpWrong,
  nodeNetworkMissing,
  nofileLow,
  notRoot,
  optionsOnAgent,
  otherLeftovers,
  overlayMtuHigh,
  overlayOnWrongInterface,
  packagesBroken,
  packagesLocked,
  pathLost,
  pathMtuLow,
  pidLimitLow,
  portApiTaken,
  portEtcdTaken,
  portHttpTaken,
  portKubeletTaken,
  portNodeExporterTaken,
  portTunnelTaken,
  proxyWithoutExceptions,
  rangeOverlap,
  rebootPending,
  resolverImmutable,
  resolverLoopback,
  resolverNoneAnswers,
  resolverServerDead,
  resolverStub,
  resolverTooMany,
  rpFilterStrict,
  selinuxWithoutPolicy,
  serverAndAgent,
  serversApart,
  serversEven,
  serviceCertificate,
  serviceNameUnknown,
  serviceNotAnswering,
  severalNetworks,
  sharedKernel,
  sourceCheck,
  specMtuHigh,
  swapAtBoot,
  swapOn,
  tcpBlockedByHost,
  tcpBlockedByNetwork,
  tokensDiffer,
  twoDistributions,
  udpBlockedByHost,
  udpBlockedByNetwork,
  udpBlockedBySender,
  udpChecksumErrors,
  udpDamaged,
  udpRefused,
  ufwBlocks,
  vxlanDeviceStale,
  vxlanFramesLost,
  vxlanPortsEaten,
  wrongInterfaceFirst,
];
