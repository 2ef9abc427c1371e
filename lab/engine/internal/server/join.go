package server

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"time"

	"github.com/sirupsen/logrus"

	"drover/lab/engine/internal/bootstrap"
	"drover/lab/engine/internal/critical"
	"drover/lab/engine/internal/files"
	"drover/lab/engine/internal/join"
	"drover/lab/engine/internal/supervisor"
)

// join fetches the cluster's shared files with the server token, after its critical values were found equal to ours. It
// waits for a server that is not up yet, and fails on a refusal.
func (s *server) join(ctx context.Context) error {
	if _, err := s.joinHost(); err != nil {
		return err
	}
	last := ""
	for {
		err := s.joinOnce(ctx)
		if err == nil || !waitable(err) {
			return err
		}
		if err.Error() != last {
			logrus.Infof("Waiting for server %s: %v", s.serverURL(), err)
			last = err.Error()
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// waitable errors end by themselves: the server is starting.
func waitable(err error) bool {
	var network net.Error
	var status join.StatusError
	if errors.As(err, &status) {
		return status.Code == http.StatusServiceUnavailable || status.Code == http.StatusNotFound
	}
	return errors.As(err, &network)
}

func (s *server) joinOnce(ctx context.Context) error {
	access, err := join.Connect(ctx, s.serverURL(), s.values.String("token"), join.Options{User: "server"})
	if err != nil {
		return err
	}
	raw, err := access.Get(ctx, "/v1-k3s/config")
	if err != nil {
		return err
	}
	var cluster supervisor.AgentConfig
	if err := json.Unmarshal(raw, &cluster); err != nil {
		return err
	}
	local := s.critical()
	if local.AgentTokenHash == "" {
		// K3s lets a joining server leave out the agent token: it comes with the shared files.
		local.AgentTokenHash = cluster.CriticalControlArgs.AgentTokenHash
	}
	if err := critical.Compare(cluster.CriticalControlArgs, local); err != nil {
		return err
	}
	raw, err = access.Get(ctx, "/v1-k3s/server-bootstrap")
	if err != nil {
		return err
	}
	data, err := bootstrap.Decode(raw)
	if err != nil {
		return err
	}
	return bootstrap.Place(s.node.Data, data)
}

// writeSupervisor tells the API server's process what to answer nodes.
func (s *server) writeSupervisor() error {
	v := s.values
	content, err := json.Marshal(supervisor.Config{Data: s.node.Data, Agent: supervisor.AgentConfig{
		ClusterCIDR: v.First("cluster-cidr"), ClusterDNS: s.dns[0], ClusterDomain: v.String("cluster-domain"),
		FlannelBackend: v.String("flannel-backend"), DisableKubeProxy: v.Bool("disable-kube-proxy"), HTTPSPort: v.Int("https-listen-port"),
		ServiceNodePortRange: v.String("service-node-port-range"), CriticalControlArgs: s.critical(),
	}})
	if err != nil {
		return err
	}
	return files.Write(s.supervisorFile(), content, 0o600)
}

func (s *server) supervisorFile() string { return s.node.Data.Server("etc/supervisor.json") }
