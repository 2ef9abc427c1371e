package components

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
	"go.etcd.io/etcd/server/v3/embed"

	"drover/lab/engine/internal/files"
)

// runEtcd runs one etcd member from the configuration file in its only argument. A member that was removed from its
// cluster leaves a tombstone in its data directory, as K3s' does.
func runEtcd() int {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: etcd CONFIG")
		return 2
	}
	if err := serveEtcd(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "etcd:", err)
		return 1
	}
	return 0
}

func serveEtcd(path string) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	config, err := embed.ConfigFromFile(path)
	if err != nil {
		return err
	}
	server, err := embed.StartEtcd(config)
	if err != nil {
		return err
	}
	defer server.Close()
	err = errors.New("stopped")
	select {
	case <-ctx.Done():
		return nil
	case err = <-server.Err():
	case <-server.Server.StopNotify():
	}
	if removed(server) {
		return files.Write(filepath.Join(config.Dir, "tombstone"), nil, 0o600)
	}
	return err
}

// removed tells whether the cluster has forgotten this member: from its own log, or by asking the others, since a
// member that was away has not seen its removal.
func removed(e *embed.Etcd) bool {
	self := e.Server.MemberID()
	if e.Server.Cluster().Member(self) == nil {
		return true
	}
	var others []string
	for _, m := range e.Server.Cluster().Members() {
		if m.ID != self {
			others = append(others, m.ClientURLs...)
		}
	}
	tls, err := e.Config().ClientTLSInfo.ClientConfig()
	if err != nil || len(others) == 0 {
		return false
	}
	c, err := clientv3.New(clientv3.Config{Endpoints: others, DialTimeout: 5 * time.Second, TLS: tls})
	if err != nil {
		return false
	}
	defer func() { _ = c.Close() }()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	list, err := c.MemberList(ctx)
	if err != nil {
		return false
	}
	for _, m := range list.Members {
		if m.ID == uint64(self) {
			return false
		}
	}
	return true
}
