package agent

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/url"
	"sync"

	"github.com/sirupsen/logrus"
	"golang.org/x/sync/errgroup"

	"drover/lab/engine/internal/config"
	"drover/lab/engine/internal/files"
	"drover/lab/engine/internal/join"
	"drover/lab/engine/internal/lb"
	"drover/lab/engine/internal/notify"
	"drover/lab/engine/internal/supervisor"
)

// agent is one run of a node.
type agent struct {
	node    Node
	values  *config.Values
	cluster supervisor.AgentConfig
	// server is where the supervisor answers, api where the API does; both are local.
	server, api string
	balancer    *lb.Balancer
	token       func() (string, error)
}

// Run is `k3s agent`: it joins the cluster and keeps the node's components running until ctx ends.
func Run(ctx context.Context, v *config.Values) error {
	if v.String("token") == "" {
		return errors.New("--token is required")
	}
	if v.String("server") == "" {
		return errors.New("--server is required")
	}
	node, err := Identify(v)
	if err != nil {
		return err
	}
	u, err := url.Parse(v.String("server"))
	if err != nil || u.Scheme != "https" || u.Hostname() == "" {
		return fmt.Errorf("only https:// URLs are supported, invalid scheme: %s", v.String("server"))
	}
	first := u.Host
	if u.Port() == "" {
		first = net.JoinHostPort(u.Hostname(), "6443")
	}
	local := fmt.Sprintf("127.0.0.1:%d", v.Int("lb-server-port"))
	balancer, err := lb.Listen(local, first, node.Data.Agent("etc/k3s-agent-load-balancer.json"))
	if err != nil {
		return err
	}
	a := &agent{node: node, values: v, server: "https://" + local, api: "https://" + local, balancer: balancer}
	a.token = func() (string, error) { return v.String("token"), nil }
	if err := LinkPrograms(node.Data, []string{"kubelet", "kube-proxy", "flanneld"}); err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return balancer.Serve(ctx) })
	group.Go(func() error { return a.run(ctx) })
	return group.Wait()
}

// RunOnServer runs the node of a server against the server's own API. apiReady is closed when that answers.
func RunOnServer(ctx context.Context, v *config.Values, node Node, apiReady <-chan struct{}) error {
	local := fmt.Sprintf("https://127.0.0.1:%d", v.Int("https-listen-port"))
	a := &agent{node: node, values: v, server: local, api: local}
	a.cluster.FlannelBackend = v.String("flannel-backend")
	a.token = func() (string, error) {
		select {
		case <-ctx.Done():
			return "", ctx.Err()
		case <-apiReady:
			return files.ReadTrimmed(node.Data.Server("token"))
		}
	}
	return a.run(ctx)
}

// run starts containerd and the import of images at once: both take seconds and need no server.
func (a *agent) run(ctx context.Context) error {
	forward("/proc")
	known := a.cluster.FlannelBackend
	if known == "" {
		known = a.lastBackend()
	}
	r := runtime{data: a.node.Data, values: a.values}
	group, ctx := errgroup.WithContext(ctx)
	restart := make(chan string, 1)
	images := make(chan struct{})
	group.Go(func() error { return a.containers(ctx, r, known, restart) })
	group.Go(func() error {
		defer close(images)
		if err := r.waitReady(ctx); err != nil {
			return err
		}
		return importImages(ctx, a.node.Data)
	})
	group.Go(func() error {
		if err := a.joinCluster(ctx); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-images:
		}
		if a.cluster.FlannelBackend != known {
			restart <- a.cluster.FlannelBackend
		}
		return a.components(ctx)
	})
	return group.Wait()
}

// containers runs containerd, and once more with other CNI folders if the cluster turns out to use no Flannel.
func (a *agent) containers(ctx context.Context, r runtime, backend string, restart <-chan string) error {
	for {
		if err := r.configure(backend); err != nil {
			return err
		}
		if backend != "none" {
			if err := linkPlugins(a.node.Data); err != nil {
				return err
			}
		}
		run, stop := context.WithCancel(ctx)
		var other string
		var wg sync.WaitGroup
		wg.Go(func() {
			select {
			case other = <-restart:
				stop()
			case <-run.Done():
			}
		})
		err := r.run(run)
		stop()
		wg.Wait()
		if other == "" || err != nil {
			return err
		}
		backend = other
	}
}

func (a *agent) lastBackend() string {
	saved, err := files.ReadTrimmed(a.node.Data.Agent("etc/flannel-backend"))
	if err != nil || saved == "" {
		return "vxlan"
	}
	return saved
}

// joinCluster gets the cluster's settings and this node's certificates; it waits for as long as no server gives them.
func (a *agent) joinCluster(ctx context.Context) error {
	secret, err := a.token()
	if err != nil {
		return err
	}
	d := a.node.Data
	var access *join.Access
	err = retry(ctx, "Failed to validate connection to cluster at "+a.server+": ", func(ctx context.Context) error {
		access, err = join.Connect(ctx, a.server, secret, join.Options{CertFile: d.Agent("client-kubelet.crt"), KeyFile: d.Agent("client-kubelet.key")})
		return err
	})
	if err != nil {
		return err
	}
	return retry(ctx, "Waiting to retrieve agent configuration; server is not ready: ", func(ctx context.Context) error {
		b, err := access.Get(ctx, "/v1-k3s/config")
		if err != nil {
			return fmt.Errorf("failed to retrieve configuration from server: %w", err)
		}
		if err := json.Unmarshal(b, &a.cluster); err != nil {
			return err
		}
		if err := files.Write(d.Agent("etc/flannel-backend"), []byte(a.cluster.FlannelBackend), 0o600); err != nil {
			return err
		}
		return a.node.certificates(ctx, access, a.api)
	})
}

func (a *agent) components(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return a.kubelet(ctx) })
	if !a.cluster.DisableKubeProxy {
		group.Go(func() error { return a.proxy(ctx) })
	}
	if a.cluster.FlannelBackend != "none" {
		group.Go(func() error { return a.flannel(ctx) })
	}
	group.Go(func() error { return a.annotate(ctx) })
	if a.balancer != nil {
		group.Go(func() error { return a.followServers(ctx) })
		logrus.Info("k3s agent is up and running")
		if err := notify.Ready(); err != nil {
			logrus.Warnf("systemd was not told that we are ready: %v", err)
		}
	}
	return group.Wait()
}
