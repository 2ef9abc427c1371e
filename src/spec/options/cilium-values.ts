import { type VersionedKeys, words } from './versioned-keys.js';

/** Top-level values of Cilium’s chart, from its values.yaml and templates of 1.15 to 1.20. Helm ignores all others silently. */
export const CILIUM_VALUES: VersionedKeys = {
  always: words(`
  MTU affinity agent agentNotReadyTaintKey aksbyocni alibabacloud annotateK8sNode annotations apiRateLimit
  authentication autoDirectNodeRoutes azure bandwidthManager bgp bgpControlPlane bpf bpfClockProbe certgen cgroup
  cleanBpfState cleanState cluster clusterHealthPort clustermesh cni conntrackGCInterval conntrackGCMaxInterval
  containerRuntime crdWaitTimeout customCalls daemon dashboards debug devices disableEndpointCRD
  disableEnvoyVersionCheck disableIptablesFeederRules dnsPolicy dnsPolicyUnloadOnShutdown dnsProxy egressGateway
  egressMasqueradeInterfaces enableCiliumEndpointSlice enableCriticalPriorityClass enableIPv4BIGTCP
  enableIPv4Masquerade enableIPv6BIGTCP enableIPv6Masquerade enableIdentityMark enableK8sTerminatingEndpoint
  enableMasqueradeRouteSource enableRuntimeDeviceDetection enableXTSocketFallback encryption
  endpointHealthChecking endpointRoutes endpointStatus eni envoy envoyConfig etcd externalIPs externalWorkloads
  extraArgs extraConfig extraContainers extraEnv extraHostPathMounts extraVolumeMounts extraVolumes
  fragmentTracking gatewayAPI gke healthChecking healthPort highScaleIPcache hostFirewall hostPort hostServices
  hubble identityAllocationMode identityChangeGracePeriod image imagePullSecrets ingressController initResources
  installNoConntrackIptablesRules ipMasqAgent ipam iptablesLockTimeout iptablesRandomFully ipv4
  ipv4NativeRoutingCIDR ipv6 ipv6NativeRoutingCIDR k8s k8sClientRateLimit k8sNetworkPolicy k8sServiceHost
  k8sServicePort keepDeprecatedLabels keepDeprecatedProbes kubeConfigPath kubeProxyReplacement
  kubeProxyReplacementHealthzBindAddr l2NeighDiscovery l2announcements l2podAnnouncements l7Proxy labels
  livenessProbe loadBalancer localRedirectPolicy logOptions logSystemLoad maglev monitor name nat46x64Gateway
  nodePort nodeSelector nodeinit operator pmtuDiscovery podAnnotations podLabels podSecurityContext
  policyAuditMode policyCIDRMatchMode policyEnforcementMode pprof preflight priorityClassName prometheus proxy
  rbac readinessProbe remoteNodeIdentity resourceQuotas resources rollOutCiliumPods routingMode sctp
  securityContext serviceAccounts serviceNoBackendResponse sleepAfterInit socketLB startupProbe
  svcSourceRangeCheck synchronizeK8sNodes terminationGracePeriodSeconds tls tolerations tunnelPort tunnelProtocol
  updateStrategy upgradeCompatibility vtep waitForKubeProxy wellKnownIdentities
  `),
  since: {
    '1.16.0': words(`
  ciliumEndpointSlice directRoutingSkipUnreachable extraInitContainers forceDeviceDetection nat nodeIPAM
  nodeSelectorLabels sysctlfix
    `),
    '1.17.0': words(`
  commonLabels defaultLBServiceIPAM enableInternalTrafficPolicy enableLBIPAM enableNonDefaultDenyPolicies
  endpointLockdownOnMapOverflow healthCheckICMPFailureThreshold k8sServiceLookupConfigMapName
  k8sServiceLookupNamespace namespaceOverride scheduling tunnelSourcePortRange
    `),
    '1.18.0': words(`
  connectivityProbeFrequencyRatio identityManagementMode k8sClientExponentialBackoff k8sServiceHostRef
  localRedirectPolicies secretsNamespaceAnnotations underlayProtocol
    `),
    '1.19.0': words(`
  configDriftDetection enableNoServiceEndpointsRoutable endpointPolicyUpdateTimeoutDuration policyDenyResponse
  secretsNamespaceLabels standaloneDnsProxy tmpVolume
    `),
    '1.20.0': words(`
  datapathPlugins k8sClusterNetworkPolicy minReadySeconds nativeRoutingCIDRFromClusterPool preferIpv6
    `),
  },
  gone: {
    '1.16.0': words(`
  containerRuntime endpointStatus proxy remoteNodeIdentity
    `),
    '1.17.0': words(`
  bgp externalIPs
    `),
    '1.18.0': words(`
  enableCiliumEndpointSlice enableK8sTerminatingEndpoint enableRuntimeDeviceDetection externalWorkloads
  highScaleIPcache hostPort
    `),
    '1.19.0': words(`
  customCalls svcSourceRangeCheck
    `),
  },
  newest: '1.20.999',
};
