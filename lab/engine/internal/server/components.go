package server

import (
	"context"
	"fmt"

	"drover/lab/engine/internal/child"
	"drover/lab/engine/internal/encrypt"
	"drover/lab/engine/internal/etcd"
	"drover/lab/engine/internal/files"
)

func (s *server) apiserver(ctx context.Context) error {
	v, d := s.values, s.node.Data
	issuer := "https://kubernetes.default.svc." + v.String("cluster-domain")
	args := child.Args{
		"advertise-address": s.advertise, "secure-port": fmt.Sprint(v.Int("https-listen-port")), "bind-address": "0.0.0.0",
		"allow-privileged": "true", "anonymous-auth": "false", "authorization-mode": "Node,RBAC", "enable-admission-plugins": "NodeRestriction",
		"enable-bootstrap-token-auth": "true", "enable-aggregator-routing": "true", "profiling": "false",
		"client-ca-file": d.TLS("client-ca.crt"), "tls-cert-file": d.TLS("serving-kube-apiserver.crt"), "tls-private-key-file": d.TLS("serving-kube-apiserver.key"),
		"etcd-servers": etcd.Local, "etcd-cafile": d.TLS("etcd/server-ca.crt"), "etcd-certfile": d.TLS("etcd/client.crt"), "etcd-keyfile": d.TLS("etcd/client.key"),
		"kubelet-certificate-authority": d.TLS("server-ca.crt"), "kubelet-client-certificate": d.TLS("client-kube-apiserver.crt"), "kubelet-client-key": d.TLS("client-kube-apiserver.key"),
		"kubelet-preferred-address-types": "InternalIP,ExternalIP,Hostname",
		"proxy-client-cert-file":          d.TLS("client-auth-proxy.crt"), "proxy-client-key-file": d.TLS("client-auth-proxy.key"),
		"requestheader-client-ca-file": d.TLS("request-header-ca.crt"), "requestheader-allowed-names": "system:auth-proxy",
		"requestheader-extra-headers-prefix": "X-Remote-Extra-", "requestheader-group-headers": "X-Remote-Group", "requestheader-username-headers": "X-Remote-User",
		"service-account-issuer": issuer, "api-audiences": issuer + ",k3s",
		"service-account-key-file": d.TLS("service.key"), "service-account-signing-key-file": d.TLS("service.key"),
		"service-cluster-ip-range": v.First("service-cidr"), "service-node-port-range": v.String("service-node-port-range"),
	}
	if b := v.String("bind-address"); b != "" {
		args["bind-address"] = b
	}
	if files.Exists(encrypt.ConfigPath(d)) {
		args["encryption-provider-config"] = encrypt.ConfigPath(d)
	}
	return child.Run(ctx, child.Spec{
		Name: "kube-apiserver", Path: d.Bin("kube-apiserver"), Args: args.Merge(v.List("kube-apiserver-arg")).List(),
		Env: []string{"K3S_LAB_SUPERVISOR=" + s.supervisorFile()},
	})
}

// controllerManager and scheduler end when they lose their lease, which happens on a slow machine: they start again
// alone, where K3s would restart whole.
func (s *server) controllerManager(ctx context.Context) error {
	v, d := s.values, s.node.Data
	kubeconfig := d.Cred("controller.kubeconfig")
	args := child.Args{
		"kubeconfig": kubeconfig, "authentication-kubeconfig": kubeconfig, "authorization-kubeconfig": kubeconfig, "bind-address": "127.0.0.1",
		"allocate-node-cidrs": "true", "cluster-cidr": v.First("cluster-cidr"), "service-cluster-ip-range": v.First("service-cidr"), "controllers": "*,tokencleaner",
		"root-ca-file": d.TLS("server-ca.crt"), "service-account-private-key-file": d.TLS("service.key"), "use-service-account-credentials": "true",
		"cluster-signing-kube-apiserver-client-cert-file": d.TLS("client-ca.crt"), "cluster-signing-kube-apiserver-client-key-file": d.TLS("client-ca.key"),
		"cluster-signing-kubelet-client-cert-file": d.TLS("client-ca.crt"), "cluster-signing-kubelet-client-key-file": d.TLS("client-ca.key"),
		"cluster-signing-kubelet-serving-cert-file": d.TLS("server-ca.crt"), "cluster-signing-kubelet-serving-key-file": d.TLS("server-ca.key"),
		"cluster-signing-legacy-unknown-cert-file": d.TLS("server-ca.crt"), "cluster-signing-legacy-unknown-key-file": d.TLS("server-ca.key"),
		"profiling": "false",
	}
	return child.Run(ctx, child.Spec{Name: "kube-controller-manager", Path: d.Bin("kube-controller-manager"), Restart: true, Args: args.Merge(v.List("kube-controller-manager-arg")).List()})
}

func (s *server) scheduler(ctx context.Context) error {
	d := s.node.Data
	kubeconfig := d.Cred("scheduler.kubeconfig")
	args := child.Args{"kubeconfig": kubeconfig, "authentication-kubeconfig": kubeconfig, "authorization-kubeconfig": kubeconfig, "bind-address": "127.0.0.1", "profiling": "false"}
	return child.Run(ctx, child.Spec{Name: "kube-scheduler", Path: d.Bin("kube-scheduler"), Restart: true, Args: args.Merge(s.values.List("kube-scheduler-arg")).List()})
}
