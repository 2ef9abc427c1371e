// Package server is `k3s server`: etcd, the API server with its supervisor, the controllers, and the node of its own.
package server

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"time"

	"golang.org/x/sync/errgroup"

	"drover/lab/engine/internal/agent"
	"drover/lab/engine/internal/bootstrap"
	"drover/lab/engine/internal/config"
	"drover/lab/engine/internal/critical"
	"drover/lab/engine/internal/encrypt"
	"drover/lab/engine/internal/etcd"
	"drover/lab/engine/internal/pki"
	"drover/lab/engine/internal/token"
)

// server is one run of a server.
type server struct {
	values *config.Values
	node   agent.Node
	member etcd.Member
	dns    []string
	// advertise is the address that the API server tells others.
	advertise string
	kubeMode  os.FileMode
	// stall is how long an etcd learner may stand still.
	stall time.Duration
}

// Run starts a server and keeps it running until ctx ends.
func Run(ctx context.Context, v *config.Values) error {
	s, err := prepare(v)
	if err != nil {
		return err
	}
	if v.Bool("cluster-reset") {
		return s.reset(ctx)
	}
	if err := s.enter(ctx); err != nil {
		return fmt.Errorf("starting kubernetes: preparing server: %w", err)
	}
	return s.serve(ctx)
}

// prepare works out what can be known without touching the cluster, and refuses what cannot work.
func prepare(v *config.Values) (*server, error) {
	node, err := agent.Identify(v)
	if err != nil {
		return nil, err
	}
	s := &server{values: v, node: node, advertise: v.String("advertise-address"), kubeMode: 0o600}
	if s.advertise == "" {
		s.advertise = node.IP
	}
	if m := v.String("write-kubeconfig-mode"); m != "" {
		mode, err := strconv.ParseUint(m, 8, 32)
		if err != nil {
			return nil, fmt.Errorf("write-kubeconfig-mode: %w", err)
		}
		s.kubeMode = os.FileMode(mode)
	}
	if s.dns = v.List("cluster-dns"); len(s.dns) == 0 {
		dns, err := nth(v.First("service-cidr"), 10)
		if err != nil {
			return nil, err
		}
		s.dns = []string{dns}
	}
	if err := s.check(); err != nil {
		return nil, err
	}
	if s.stall, err = stallFrom(os.Getenv); err != nil {
		return nil, err
	}
	if err := agent.LinkPrograms(node.Data, []string{"etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubelet", "kube-proxy", "flanneld", "kubectl"}); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(node.Data.Server(), 0o700); err != nil {
		return nil, err
	}
	if _, err := etcd.LeaveOld(node.Data, time.Now()); err != nil {
		return nil, err
	}
	name, err := etcd.MemberName(node.Data, node.Name)
	s.member = etcd.Member{Data: node.Data, Name: name, IP: node.IP, Args: v.List("etcd-arg"), ExposeMetrics: v.Bool("etcd-expose-metrics")}
	return s, err
}

func (s *server) check() error {
	v := s.values
	var errs []error
	switch v.String("flannel-backend") {
	case "vxlan", "host-gw", "none":
	default:
		errs = append(errs, fmt.Errorf("lab engine: flannel-backend %q is not supported; it has vxlan, host-gw and none", v.String("flannel-backend")))
	}
	if len(v.List("cluster-cidr")) > 1 || len(v.List("service-cidr")) > 1 {
		errs = append(errs, errors.New("lab engine: dual-stack is not supported"))
	}
	if v.String("server") != "" && v.String("token") == "" && !etcd.Initialized(s.node.Data) {
		errs = append(errs, errors.New("K3S_TOKEN is required to join a cluster"))
	}
	removed := fileExists(s.node.Data.Etcd("tombstone"))
	if removed && v.String("server") == "" {
		errs = append(errs, errors.New("lab engine: this node was removed from its cluster; set server: to rejoin, or remove server/db/etcd to begin a new one"))
	}
	if !v.Bool("cluster-init") && v.String("server") == "" && !v.Bool("cluster-reset") && !etcd.Initialized(s.node.Data) {
		errs = append(errs, errors.New("lab engine: a server without cluster-init and without server: would use SQLite, which the lab engine does not have; set cluster-init: true"))
	}
	return errors.Join(errs...)
}

func fileExists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// enter makes this server part of a cluster on disk: by what it has, by joining, or by founding one.
func (s *server) enter(ctx context.Context) error {
	d := s.node.Data
	joining := s.values.String("server") != "" && !etcd.Initialized(d)
	switch {
	case joining:
		if err := s.join(ctx); err != nil {
			return err
		}
	case !bootstrap.Complete(d):
		if err := s.found(); err != nil {
			return err
		}
	}
	if s.values.Bool("secrets-encryption") {
		if err := encrypt.Ensure(d, s.values.String("secrets-encryption-provider")); err != nil {
			return err
		}
	}
	if err := bootstrap.WriteTokens(d); err != nil {
		return err
	}
	if err := s.certificates(); err != nil {
		return err
	}
	return s.writeSupervisor()
}

// found makes the authorities and passwords of a new cluster.
func (s *server) found() error {
	if err := pki.MakeCAs(s.node.Data, time.Now()); err != nil {
		return err
	}
	server, err := s.password()
	if err != nil {
		return err
	}
	if server == "" {
		server = token.Random(16)
	}
	node := server
	if t := s.values.String("agent-token"); t != "" {
		parsed, err := token.Parse(t)
		if err != nil {
			return err
		}
		node = parsed.Password
	}
	return bootstrap.Passwords{Server: server, Node: node}.Write(s.node.Data)
}

// password is the server token's password: the one given, or the one on disk.
func (s *server) password() (string, error) {
	if t := s.values.String("token"); t != "" {
		parsed, err := token.Parse(t)
		if err == nil && parsed.Password == "" {
			err = errors.New("a bootstrap token cannot start a server")
		}
		return parsed.Password, err
	}
	p, err := bootstrap.ReadPasswords(s.node.Data)
	if errors.Is(err, os.ErrNotExist) {
		return "", nil
	}
	return p.Server, err
}

func (s *server) certificates() error {
	v := s.values
	first, err := nth(v.First("service-cidr"), 1)
	if err != nil {
		return err
	}
	domain := v.String("cluster-domain")
	names := append([]string{"kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc." + domain, "localhost", "127.0.0.1", "::1", first, s.node.Name, s.node.IP, s.advertise}, v.List("tls-san")...)
	names = append(names, v.List("node-external-ip")...)
	return pki.EnsureServer(pki.Server{
		Data: s.node.Data, Node: s.node.Name, IP: s.node.IP, SANs: names, Port: v.Int("https-listen-port"),
		Kubeconfig: v.String("write-kubeconfig"), Mode: s.kubeMode,
	}, time.Now())
}

func (s *server) critical() critical.Values { return critical.From(s.values, s.dns) }

// serve runs everything until ctx ends or something essential does.
func (s *server) serve(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	apiReady := make(chan struct{})
	group.Go(func() error { return agent.RunOnServer(ctx, s.values, s.node, apiReady) })
	group.Go(func() error { return s.controlPlane(ctx, group, apiReady) })
	return group.Wait()
}
