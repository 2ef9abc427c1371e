package pki

import (
	"errors"
	"fmt"
	"io/fs"
	"time"

	"drover/lab/engine/internal/paths"
)

// Server is what a server's certificates and kubeconfigs depend on.
type Server struct {
	Data       paths.Data
	Node       string
	IP         string
	SANs       []string
	Port       int
	Kubeconfig string
	Mode       fs.FileMode
}

type leaf struct {
	ca, file string
	subject  Subject
}

func (s Server) leaves() []leaf {
	masters := []string{"system:masters"}
	etcdNames := []string{"localhost", s.Node, "127.0.0.1", "::1", s.IP}
	return []leaf{
		{"server-ca", "serving-kube-apiserver", Subject{Name: "kube-apiserver", Names: s.SANs}},
		{"client-ca", "client-admin", Subject{Name: "system:admin", Orgs: masters}},
		{"client-ca", "client-supervisor", Subject{Name: "system:k3s-supervisor", Orgs: masters}},
		{"client-ca", "client-kube-apiserver", Subject{Name: "system:apiserver", Orgs: masters}},
		{"client-ca", "client-controller", Subject{Name: "system:kube-controller-manager"}},
		{"client-ca", "client-scheduler", Subject{Name: "system:kube-scheduler"}},
		{"request-header-ca", "client-auth-proxy", Subject{Name: "system:auth-proxy"}},
		{"etcd/server-ca", "etcd/server-client", Subject{Name: "etcd-server", Names: etcdNames, Both: true}},
		{"etcd/peer-ca", "etcd/peer-server-client", Subject{Name: "etcd-peer", Names: etcdNames, Both: true}},
		{"etcd/server-ca", "etcd/client", Subject{Name: "etcd-client"}},
	}
}

// ServerLeaves are the files of a server's own certificates below server/tls, without their endings.
func ServerLeaves() []string {
	var out []string
	for _, l := range (Server{}).leaves() {
		out = append(out, l.file)
	}
	return out
}

// AgentLeaves are the files of a node's certificates below agent/, without their endings.
var AgentLeaves = []string{"client-kubelet", "serving-kubelet", "client-kube-proxy", "client-k3s-controller"}

// EnsureServer keeps all leaf certificates and kubeconfigs of a server valid.
func EnsureServer(s Server, now time.Time) error {
	leaves := s.leaves()
	errs := make(chan error, len(leaves))
	for _, l := range leaves {
		go func() { errs <- Ensure(s.Data.TLS(l.ca), s.Data.TLS(l.file), l.subject, now) }()
	}
	var all []error
	for range leaves {
		all = append(all, <-errs)
	}
	if err := errors.Join(all...); err != nil {
		return err
	}
	return s.kubeconfigs()
}

func (s Server) kubeconfigs() error {
	k := Kubeconfig{Server: fmt.Sprintf("https://127.0.0.1:%d", s.Port), CA: s.Data.TLS("server-ca.crt")}
	var errs []error
	for name, pair := range map[string]string{"admin": "client-admin", "controller": "client-controller", "scheduler": "client-scheduler", "supervisor": "client-supervisor", "api-server": "client-kube-apiserver"} {
		k.Pair, k.Refer = s.Data.TLS(pair), true
		errs = append(errs, WriteKubeconfig(s.Data.Cred(name+".kubeconfig"), k))
	}
	k.Pair, k.Refer, k.Mode = s.Data.TLS("client-admin"), false, s.Mode
	return errors.Join(append(errs, WriteKubeconfig(s.Kubeconfig, k))...)
}
