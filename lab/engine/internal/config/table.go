package config

const both = Server | Agent

// table is K3s' documented interface, with what the lab engine does about each flag.
var table = []Flag{
	// Everywhere.
	{Name: "config", Alias: "c", Scope: both | EtcdSnapshot | SecretsEncrypt | Certificate, Env: "K3S_CONFIG_FILE", Default: "/etc/rancher/k3s/config.yaml", Usage: "load configuration from this file"},
	{Name: "debug", Kind: Bool, Scope: both | EtcdSnapshot | SecretsEncrypt | Certificate | Token, Env: "K3S_DEBUG", Usage: "debug logs"},
	{Name: "data-dir", Alias: "d", Scope: both | EtcdSnapshot | SecretsEncrypt | Certificate | Token, Env: "K3S_DATA_DIR", Default: "/var/lib/rancher/k3s", Usage: "folder to hold state"},
	{Name: "v", Scope: both, Effect: Ignored, Usage: "log level of the components"},
	{Name: "vmodule", Scope: both, Effect: Ignored},
	{Name: "log", Alias: "l", Scope: both, Effect: Ignored, Usage: "log to file"},
	{Name: "alsologtostderr", Kind: Bool, Scope: both, Effect: Ignored},

	// Cluster.
	{Name: "token", Alias: "t", Scope: both | EtcdSnapshot | SecretsEncrypt | Token, Env: "K3S_TOKEN", Usage: "shared secret to join a cluster"},
	{Name: "token-file", Scope: both, Env: "K3S_TOKEN_FILE", Usage: "file containing the token"},
	{Name: "agent-token", Scope: Server, Env: "K3S_AGENT_TOKEN", Usage: "shared secret for agents alone"},
	{Name: "agent-token-file", Scope: Server, Env: "K3S_AGENT_TOKEN_FILE"},
	{Name: "server", Alias: "s", Scope: both | EtcdSnapshot | SecretsEncrypt | Token, Env: "K3S_URL", Usage: "server to connect to"},
	{Name: "cluster-init", Kind: Bool, Scope: Server, Env: "K3S_CLUSTER_INIT", Usage: "initialize a new cluster with embedded etcd"},
	{Name: "cluster-reset", Kind: Bool, Scope: Server, Env: "K3S_CLUSTER_RESET", Usage: "forget all etcd members and become the sole one"},
	{Name: "cluster-reset-restore-path", Scope: Server, Usage: "snapshot to restore on cluster-reset"},

	// Listener.
	{Name: "bind-address", Scope: both, Usage: "bind address"},
	{Name: "https-listen-port", Kind: Int, Scope: Server, Default: "6443", Usage: "HTTPS port"},
	{Name: "advertise-address", Scope: Server, Usage: "address the API server advertises"},
	{Name: "advertise-port", Kind: Int, Scope: Server, Default: "0", Effect: Ignored},
	{Name: "tls-san", Kind: CommaList, Scope: Server, Usage: "further names on the API server's certificate"},
	{Name: "tls-san-security", Kind: Bool, Scope: Server, Default: "true", Usage: "only names given by tls-san appear on the certificate"},

	// Client.
	{Name: "write-kubeconfig", Alias: "o", Scope: Server, Env: "K3S_KUBECONFIG_OUTPUT", Default: "/etc/rancher/k3s/k3s.yaml", Usage: "where to write the administrator's kubeconfig"},
	{Name: "write-kubeconfig-mode", Scope: Server, Env: "K3S_KUBECONFIG_MODE", Usage: "mode of that file"},
	{Name: "write-kubeconfig-group", Scope: Server, Env: "K3S_KUBECONFIG_GROUP", Effect: Ignored},

	// Networking.
	{Name: "cluster-cidr", Kind: CommaList, Scope: Server, Default: "10.42.0.0/16", Usage: "network of the pods"},
	{Name: "service-cidr", Kind: CommaList, Scope: Server, Default: "10.43.0.0/16", Usage: "network of the services"},
	{Name: "service-node-port-range", Scope: Server, Default: "30000-32767", Usage: "ports of NodePort services"},
	{Name: "cluster-dns", Kind: CommaList, Scope: Server, Usage: "address of the cluster's DNS service"},
	{Name: "cluster-domain", Scope: Server, Default: "cluster.local", Usage: "domain of the cluster"},
	{Name: "flannel-backend", Scope: Server, Default: "vxlan", Usage: "vxlan, host-gw or none"},
	{Name: "flannel-ipv6-masq", Kind: Bool, Scope: Server, Effect: Refused},
	{Name: "flannel-external-ip", Kind: Bool, Scope: Server, Effect: Refused},
	{Name: "egress-selector-mode", Scope: Server, Default: "agent", Effect: Ignored},
	{Name: "servicelb-namespace", Scope: Server, Default: "kube-system", Effect: Ignored},

	// Datastore.
	{Name: "datastore-endpoint", Scope: Server, Env: "K3S_DATASTORE_ENDPOINT", Effect: Refused},
	{Name: "datastore-cafile", Scope: Server, Env: "K3S_DATASTORE_CAFILE", Effect: Refused},
	{Name: "datastore-certfile", Scope: Server, Env: "K3S_DATASTORE_CERTFILE", Effect: Refused},
	{Name: "datastore-keyfile", Scope: Server, Env: "K3S_DATASTORE_KEYFILE", Effect: Refused},
	{Name: "etcd-arg", Kind: List, Scope: Server, Usage: "flag for etcd"},
	{Name: "etcd-expose-metrics", Kind: Bool, Scope: Server, Usage: "serve etcd's metrics on the node's address too"},
	{Name: "etcd-disable-snapshots", Kind: Bool, Scope: Server, Usage: "no scheduled snapshots"},
	{Name: "etcd-snapshot-name", Alias: "name", Scope: Server | EtcdSnapshot, Usage: "base name of snapshots"},
	{Name: "etcd-snapshot-schedule-cron", Scope: Server, Default: "0 */12 * * *", Usage: "when to take snapshots"},
	{Name: "etcd-snapshot-retention", Alias: "snapshot-retention", Kind: Int, Scope: Server | EtcdSnapshot, Default: "5", Usage: "how many to keep"},
	{Name: "etcd-snapshot-dir", Alias: "dir", Scope: Server | EtcdSnapshot, Usage: "where to keep them"},
	{Name: "etcd-snapshot-compress", Alias: "snapshot-compress", Kind: Bool, Scope: Server | EtcdSnapshot, Usage: "zip them"},
	{Name: "etcd-s3", Alias: "s3", Kind: Bool, Scope: Server | EtcdSnapshot, Effect: Refused},
	{Name: "output", Alias: "o", Scope: EtcdSnapshot | SecretsEncrypt | Certificate | Token, Usage: "output format"},

	{Name: "new-token", Scope: Token, Usage: "token to rotate to"},
	{Name: "ttl", Scope: Token, Default: "24h", Usage: "life of a bootstrap token; 0 is for ever"},
	{Name: "description", Scope: Token, Usage: "what a bootstrap token is for"},

	// Components.
	{Name: "kube-apiserver-arg", Kind: List, Scope: Server, Usage: "flag for kube-apiserver"},
	{Name: "kube-scheduler-arg", Kind: List, Scope: Server, Usage: "flag for kube-scheduler"},
	{Name: "kube-controller-manager-arg", Kind: List, Scope: Server, Usage: "flag for kube-controller-manager"},
	{Name: "kube-cloud-controller-manager-arg", Kind: List, Scope: Server, Effect: Ignored},
	{Name: "kubelet-arg", Kind: List, Scope: both, Usage: "flag for kubelet"},
	{Name: "kube-proxy-arg", Kind: List, Scope: both, Usage: "flag for kube-proxy"},
	{Name: "disable", Kind: CommaList, Scope: Server, Usage: "packaged components not to deploy"},
	{Name: "disable-scheduler", Kind: Bool, Scope: Server, Usage: "no scheduler"},
	{Name: "disable-cloud-controller", Kind: Bool, Scope: Server, Usage: "accepted: the lab engine never runs one"},
	{Name: "disable-helm-controller", Kind: Bool, Scope: Server, Usage: "accepted: the lab engine never runs one"},
	{Name: "disable-kube-proxy", Kind: Bool, Scope: Server, Usage: "no kube-proxy"},
	{Name: "disable-network-policy", Kind: Bool, Scope: Server, Usage: "accepted: the lab engine never runs K3s' network policy controller"},
	{Name: "disable-agent", Kind: Bool, Scope: Server, Effect: Refused},
	{Name: "disable-apiserver", Kind: Bool, Scope: Server, Effect: Refused},
	{Name: "disable-controller-manager", Kind: Bool, Scope: Server, Effect: Refused},
	{Name: "disable-etcd", Kind: Bool, Scope: Server, Effect: Refused},
	{Name: "embedded-registry", Kind: Bool, Scope: Server, Effect: Ignored},
	{Name: "supervisor-metrics", Kind: Bool, Scope: Server, Effect: Ignored},
	{Name: "secrets-encryption", Kind: Bool, Scope: Server, Usage: "encrypt secrets at rest"},
	{Name: "secrets-encryption-provider", Scope: Server, Default: "aescbc", Usage: "aescbc or secretbox"},
	{Name: "helm-job-image", Scope: Server, Effect: Ignored},

	// Node.
	{Name: "node-name", Scope: both | EtcdSnapshot, Env: "K3S_NODE_NAME", Usage: "name of the node"},
	{Name: "with-node-id", Kind: Bool, Scope: both, Usage: "append an id to the node's name"},
	{Name: "node-label", Kind: List, Scope: both, Usage: "label to register the node with"},
	{Name: "node-taint", Kind: List, Scope: both, Usage: "taint to register the node with"},
	{Name: "node-ip", Alias: "i", Kind: CommaList, Scope: both, Usage: "address of the node"},
	{Name: "node-external-ip", Kind: CommaList, Scope: both, Usage: "kept as an annotation only"},
	{Name: "node-internal-dns", Kind: CommaList, Scope: both, Effect: Ignored},
	{Name: "node-external-dns", Kind: CommaList, Scope: both, Effect: Ignored},
	{Name: "resolv-conf", Scope: both, Env: "K3S_RESOLV_CONF", Usage: "kubelet's resolv.conf"},
	{Name: "flannel-iface", Scope: both, Usage: "interface of Flannel"},
	{Name: "flannel-conf", Scope: both, Effect: Refused},
	{Name: "flannel-cni-conf", Scope: both, Effect: Refused},
	{Name: "lb-server-port", Kind: Int, Scope: both, Env: "K3S_LB_SERVER_PORT", Default: "6444", Usage: "port of the client-side load balancer"},
	{Name: "protect-kernel-defaults", Kind: Bool, Scope: both, Usage: "kubelet fails when sysctls differ"},
	{Name: "rootless", Kind: Bool, Scope: both, Effect: Refused},
	{Name: "selinux", Kind: Bool, Scope: both, Env: "K3S_SELINUX", Effect: Ignored},
	{Name: "vpn-auth", Scope: both, Env: "K3S_VPN_AUTH", Effect: Refused},
	{Name: "vpn-auth-file", Scope: both, Env: "K3S_VPN_AUTH_FILE", Effect: Refused},
	{Name: "prefer-bundled-bin", Kind: Bool, Scope: both, Effect: Ignored},

	// Images.
	{Name: "docker", Kind: Bool, Scope: both, Effect: Refused},
	{Name: "container-runtime-endpoint", Scope: both, Effect: Refused},
	{Name: "image-service-endpoint", Scope: both, Effect: Refused},
	{Name: "default-runtime", Scope: both, Effect: Ignored},
	{Name: "snapshotter", Scope: both, Default: "overlayfs", Usage: "containerd's snapshotter"},
	{Name: "pause-image", Scope: both, Usage: "image of pods' sandboxes"},
	{Name: "private-registry", Scope: both, Default: "/etc/rancher/k3s/registries.yaml", Usage: "registries configuration"},
	{Name: "disable-default-registry-endpoint", Kind: Bool, Scope: both, Usage: "never fall back to the registry itself"},
	{Name: "airgap-extra-registry", Kind: List, Scope: both, Effect: Ignored},
	{Name: "system-default-registry", Scope: Server, Usage: "registry of the packaged components' images"},
}
