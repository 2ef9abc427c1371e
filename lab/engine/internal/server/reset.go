package server

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/sirupsen/logrus"
	clientv3 "go.etcd.io/etcd/client/v3"

	"drover/lab/engine/internal/bootstrap"
	"drover/lab/engine/internal/etcd"
	"drover/lab/engine/internal/files"
	"drover/lab/engine/internal/snapshot"
)

// reset is `k3s server --cluster-reset`: this server becomes the only etcd member, with its present data or with that of
// a snapshot. The bootstrap data inside is brought to disk, for which the token of that time is needed.
func (s *server) reset(ctx context.Context) error {
	v, d := s.values, s.node.Data
	flag := d.Server("db/reset-flag")
	if files.Exists(flag) {
		return fmt.Errorf("Managed etcd cluster membership was previously reset, please remove the cluster-reset flag and start k3s normally. If you need to perform another cluster reset, you must first manually delete the file at %s", flag) //nolint:staticcheck // K3s' words
	}
	if v.String("server") != "" {
		return errors.New("cannot perform cluster-reset while server URL is set - remove server from configuration before resetting")
	}
	path := v.String("cluster-reset-restore-path")
	if path == "" && !etcd.Initialized(d) {
		return fmt.Errorf("etcd database not found in %s", d.Server())
	}
	password, err := s.password()
	if err != nil {
		return err
	}
	if path != "" {
		if err := s.restore(path); err != nil {
			return err
		}
	}
	err = s.member.Alone(ctx, func(ctx context.Context, kv clientv3.KV) error {
		data, err := bootstrap.Load(ctx, kv, password)
		if err != nil || data == nil {
			return err
		}
		return bootstrap.Place(d, data)
	})
	if err != nil {
		return err
	}
	if err := files.Write(flag, nil, 0o600); err != nil {
		return err
	}
	logrus.Info("Managed etcd cluster membership has been reset, restart without --cluster-reset flag now. Backup and delete ${datadir}/server/db on each peer etcd server and rejoin the nodes")
	return nil
}

func (s *server) restore(path string) error {
	logrus.Infof("Restoring snapshot %s", path)
	tmp, err := os.MkdirTemp("", "k3s-restore")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(tmp) }()
	plain, err := snapshot.Unpack(path, tmp)
	if err != nil {
		return err
	}
	return s.member.Restore(plain, time.Now())
}
