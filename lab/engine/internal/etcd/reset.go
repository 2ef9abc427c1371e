package etcd

import (
	"context"
	"fmt"
	"net"
	"os"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
	"go.etcd.io/etcd/etcdutl/v3/snapshot"
	"go.uber.org/zap"

	"drover/lab/engine/internal/child"
	"drover/lab/engine/internal/files"
	"drover/lab/engine/internal/kube"
	"drover/lab/engine/internal/token"
)

// Temporary is where etcd listens, without TLS and on loopback only, while a reset looks into it.
const (
	Temporary     = "http://127.0.0.1:2399"
	temporaryPeer = "http://127.0.0.1:2398"
)

// Restore replaces the database by a plain snapshot, with this server as the only member. The former database is kept
// as etcd-old-<time>.
func (m Member) Restore(path string, now time.Time) error {
	if _, err := os.Stat(path); err != nil {
		return err
	}
	if err := SetAside(m.Data, now); err != nil {
		return err
	}
	err := snapshot.NewV3(zap.NewNop()).Restore(snapshot.RestoreConfig{
		SnapshotPath: path, Name: m.Name, OutputDataDir: m.Data.Etcd(), PeerURLs: []string{peerURL(m.IP)},
		InitialCluster: m.Name + "=" + peerURL(m.IP), InitialClusterToken: token.Random(8),
	})
	if err != nil {
		return err
	}
	return files.Write(m.Data.Etcd("name"), []byte(m.Name), 0o600)
}

// Alone makes this server the only member of what its database holds, and lets look see it before etcd stops again.
func (m Member) Alone(ctx context.Context, look func(context.Context, clientv3.KV) error) error {
	if c, err := net.DialTimeout("tcp", "127.0.0.1:2379", time.Second); err == nil {
		_ = c.Close()
		return fmt.Errorf("etcd is running on this server; stop k3s first")
	}
	m.Args = append(m.Args,
		"listen-client-urls="+Temporary, "listen-peer-urls="+temporaryPeer, "listen-metrics-urls=",
		"client-transport-security={}", "peer-transport-security={}")
	path, err := m.writeConfig(start{initial: m.Name + "=" + peerURL(m.IP), existing: true, force: true})
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	ended := make(chan error, 1)
	go func() {
		ended <- child.Run(ctx, child.Spec{Name: "etcd", Path: m.Data.Bin("etcd"), Args: []string{path}})
		stop()
	}()
	err = lookInto(ctx, look)
	stop()
	if failed := <-ended; failed != nil {
		return failed
	}
	return err
}

func lookInto(ctx context.Context, look func(context.Context, clientv3.KV) error) error {
	c, err := clientv3.New(clientv3.Config{Endpoints: []string{Temporary}, DialTimeout: callTimeout, Logger: zap.NewNop()})
	if err != nil {
		return err
	}
	defer func() { _ = c.Close() }()
	err = kube.Poll(ctx, func(ctx context.Context) bool {
		ctx, cancel := context.WithTimeout(ctx, callTimeout)
		defer cancel()
		_, err := c.Get(ctx, "/health")
		return err == nil
	})
	if err != nil {
		return err
	}
	return look(ctx, c)
}
