/** Keys of the ConfigMap `cilium-config` and of old charts, with the Helm value that Drover passes on instead. */
export const CILIUM_AGENT_KEYS: Readonly<Record<string, string>> = {
  'auto-direct-node-routes': 'autoDirectNodeRoutes',
  'enable-bpf-masquerade': 'bpf.masquerade',
  'enable-ipv4-masquerade': 'enableIPv4Masquerade',
  'enable-hubble': 'hubble.enabled',
  'enable-l2-announcements': 'l2announcements.enabled',
  'enable-endpoint-routes': 'endpointRoutes.enabled',
  'ipv4-native-routing-cidr': 'ipv4NativeRoutingCIDR',
  'direct-routing-skip-unreachable': 'directRoutingSkipUnreachable',
  'routing-mode': 'routingMode',
  'tunnel-protocol': 'tunnelProtocol',
  'tunnel-port': 'tunnelPort',
  'cluster-pool-ipv4-cidr': 'network.pods',
  'cluster-pool-ipv4-mask-size': 'network.nodeMask',
  ipam: 'ipam.mode',
  mtu: 'network.cni.mtu',
  'install-no-conntrack-iptables-rules': 'installNoConntrackIptablesRules',
  devices: 'devices',
};

/** Helm values that Drover sets itself, with the key of the spec. */
export const CILIUM_OWNED: Readonly<Record<string, string>> = {
  routingMode: 'network.cni.mode',
  MTU: 'network.cni.mtu',
  tunnelPort: 'network.cni.port',
  k8sServiceHost: 'api.endpoint',
  k8sServicePort: 'api.port',
  'ipam.operator.clusterPoolIPv4PodCIDRList': 'network.pods',
  'ipam.operator.clusterPoolIPv4PodCIDR': 'network.pods',
  'ipam.operator.clusterPoolIPv4MaskSize': 'network.nodeMask',
  'cluster.name': 'metadata.name',
};
