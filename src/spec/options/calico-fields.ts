import { type VersionedKeys, words } from './versioned-keys.js';

/** Fields of Calico’s own settings, from the definitions in its manifests of v3.27 to v3.32. The API drops all others silently. */
export const FELIX_FIELDS: VersionedKeys = {
  always: words(`
  allowIPIPPacketsFromWorkloads allowVXLANPacketsFromWorkloads awsSrcDstCheck bpfCTLBLogFilter
  bpfConnectTimeLoadBalancing bpfConnectTimeLoadBalancingEnabled bpfDSROptoutCIDRs bpfDataIfacePattern
  bpfDisableGROForIfaces bpfDisableUnprivileged bpfEnabled bpfEnforceRPF bpfExcludeCIDRsFromNAT
  bpfExtToServiceConnmark bpfExternalServiceMode bpfForceTrackPacketsFromIfaces bpfHostConntrackBypass
  bpfHostNetworkedNATWithoutCTLB bpfKubeProxyEndpointSlicesEnabled bpfKubeProxyIptablesCleanupEnabled
  bpfKubeProxyMinSyncPeriod bpfL3IfacePattern bpfLogFilters bpfLogLevel bpfMapSizeConntrack bpfMapSizeIPSets
  bpfMapSizeIfState bpfMapSizeNATAffinity bpfMapSizeNATBackend bpfMapSizeNATFrontend bpfMapSizeRoute bpfPSNATPorts
  bpfPolicyDebugEnabled chainInsertMode dataplaneDriver dataplaneWatchdogTimeout debugDisableLogDropping
  debugMemoryProfilePath debugSimulateCalcGraphHangAfter debugSimulateDataplaneHangAfter
  defaultEndpointToHostAction deviceRouteProtocol deviceRouteSourceAddress deviceRouteSourceAddressIPv6
  disableConntrackInvalidCheck endpointReportingDelay endpointReportingEnabled externalNodesList
  failsafeInboundHostPorts failsafeOutboundHostPorts featureDetectOverride featureGates floatingIPs
  genericXDPEnabled healthEnabled healthHost healthPort healthTimeoutOverrides interfaceExclude interfacePrefix
  interfaceRefreshInterval ipipEnabled ipipMTU ipsetsRefreshInterval iptablesBackend iptablesFilterAllowAction
  iptablesFilterDenyAction iptablesLockFilePath iptablesLockProbeInterval iptablesLockTimeout
  iptablesMangleAllowAction iptablesMarkMask iptablesNATOutgoingInterfaceFilter iptablesPostWriteCheckInterval
  iptablesRefreshInterval ipv6Support kubeNodePortRanges logDebugFilenameRegex logFilePath logPrefix
  logSeverityFile logSeverityScreen logSeveritySys maxIpsetSize metadataAddr metadataPort mtuIfacePattern
  natOutgoingAddress natPortRange netlinkTimeout openstackRegion policySyncPathPrefix prometheusGoMetricsEnabled
  prometheusMetricsEnabled prometheusMetricsHost prometheusMetricsPort prometheusProcessMetricsEnabled
  prometheusWireGuardMetricsEnabled removeExternalRoutes reportingInterval reportingTTL routeRefreshInterval
  routeSource routeSyncDisabled routeTableRange routeTableRanges serviceLoopPrevention sidecarAccelerationEnabled
  usageReportingEnabled usageReportingInitialDelay usageReportingInterval useInternalDataplaneDriver vxlanEnabled
  vxlanMTU vxlanMTUV6 vxlanPort vxlanVNI windowsManageFirewallRules wireguardEnabled wireguardEnabledV6
  wireguardHostEncryptionEnabled wireguardInterfaceName wireguardInterfaceNameV6 wireguardKeepAlive
  wireguardListeningPort wireguardListeningPortV6 wireguardMTU wireguardMTUV6 wireguardRoutingRulePriority
  workloadSourceSpoofing xdpEnabled xdpRefreshInterval
  `),
  since: {
    '3.28.0': words(`
  debugHost debugPort debugSimulateDataplaneApplyDelay endpointStatusPathPrefix wireguardThreadingEnabled
    `),
    '3.29.0': words(`
  bpfRedirectToPeer goGCThreshold goMaxProcs goMemoryLimitMB ipForwarding nftablesFilterAllowAction
  nftablesFilterDenyAction nftablesMangleAllowAction nftablesMarkMask nftablesMode nftablesRefreshInterval
    `),
    '3.30.0': words(`
  bpfConntrackLogLevel bpfConntrackMode bpfConntrackTimeouts bpfExportBufferSizeMB bpfKubeProxyHealthzPort
  bpfMapSizeConntrackCleanupQueue bpfMapSizeConntrackScaling bpfMapSizePerCpuConntrack bpfProfiling cgroupV2Path
  flowLogsCollectorDebugTrace flowLogsFlushInterval flowLogsGoldmaneServer flowLogsLocalReporter
  flowLogsPolicyEvaluationMode logActionRateLimit logActionRateLimitBurst
    `),
    '3.31.0': words(`
  bpfAttachType bpfJITHardening natOutgoingExclusions programClusterRoutes requireMTUFile
    `),
    '3.32.0': words(`
  bpfMaglevMaxEndpointsPerService bpfMaglevMaxServices ipv4ElevatedRoutePriority ipv4NormalRoutePriority
  ipv6ElevatedRoutePriority ipv6NormalRoutePriority istioAmbientMode istioDSCPMark
  liveMigrationRouteConvergenceTime nodeSelector prometheusMetricsCAFile prometheusMetricsCertFile
  prometheusMetricsClientAuth prometheusMetricsKeyFile
    `),
  },
  gone: {
    '3.32.0': words(`
  bpfKubeProxyEndpointSlicesEnabled iptablesLockFilePath iptablesLockTimeout
    `),
  },
  newest: '3.32.999',
};

export const BGP_FIELDS: VersionedKeys = {
  always: words(`
  asNumber bindMode communities ignoredInterfaces listenPort logSeverityScreen nodeMeshMaxRestartTime
  nodeMeshPassword nodeToNodeMeshEnabled prefixAdvertisements serviceClusterIPs serviceExternalIPs
  serviceLoadBalancerIPs
  `),
  since: {
    '3.30.0': words(`
  localWorkloadPeeringIPV4 localWorkloadPeeringIPV6
    `),
    '3.31.0': words(`
  serviceLoadBalancerAggregation
    `),
    '3.32.0': words(`
  ipv4NormalRoutePriority ipv6NormalRoutePriority programClusterRoutes
    `),
  },
  gone: {},
  newest: '3.32.999',
};
