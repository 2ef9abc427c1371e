/** A variable that does not belong into `distribution.variables`. */
export interface VariableAnswer {
  /** False: Kubespray reads no such variable, in no release. */
  readonly exists: boolean;
  readonly instead: string;
}

const owned = (instead: string): VariableAnswer => ({ exists: true, instead });
const never = (instead: string): VariableAnswer => ({ exists: false, instead });

export const KUBESPRAY_OWNED: Readonly<Record<string, VariableAnswer>> = {
  network_plugin: never('network.cni.name (Kubespray calls it kube_network_plugin)'),
  calico_nat_outgoing: never('network.cni.options.natOutgoing (Kubespray calls it nat_outgoing)'),
  kube_network_plugin: owned('network.cni.name'),
  calico_ipip_mode: owned('network.cni.mode: ipip, which sets all three variables that IPIP needs'),
  calico_vxlan_mode: owned('network.cni.mode: vxlan'),
  calico_network_backend: owned('network.cni.mode'),
  calico_mtu: owned('network.cni.mtu'),
  calico_pool_blocksize: owned('network.cni.options.blockSize'),
  calico_version: owned('network.cni.version'),
  cilium_version: owned('network.cni.version'),
  cilium_tunnel_mode: owned('network.cni.mode'),
  cilium_kube_proxy_replacement: owned('network.kubeProxy: replaced'),
  cilium_mtu: owned('network.cni.mtu'),
  nat_outgoing: owned('network.cni.options.natOutgoing'),
  kube_proxy_mode: owned('network.kubeProxy'),
  kube_pods_subnet: owned('network.pods'),
  kube_service_addresses: owned('network.services'),
  kube_network_node_prefix: owned('network.nodeMask'),
  kubelet_max_pods: owned('network.maxPods'),
  cluster_name: owned('network.domain'),
  dns_domain: owned('network.domain'),
  kube_version: owned('distribution.kubernetes'),
  supplementary_addresses_in_ssl_keys: owned('api.sans'),
  loadbalancer_apiserver: owned('api.endpoint and api.port'),
  apiserver_loadbalancer_domain_name: owned('api.endpoint'),
  ingress_nginx_enabled: owned('ingress.controller'),
  metrics_server_enabled: owned('addons.metricsServer.enabled'),
  local_path_provisioner_enabled: owned('addons.localPath.enabled'),
  cert_manager_enabled: owned('addons.certManager.enabled'),
};
