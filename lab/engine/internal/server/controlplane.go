package server

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"

	"github.com/sirupsen/logrus"
	clientv3 "go.etcd.io/etcd/client/v3"
	"golang.org/x/sync/errgroup"

	"drover/lab/engine/internal/addons"
	"drover/lab/engine/internal/bootstrap"
	"drover/lab/engine/internal/etcd"
	"drover/lab/engine/internal/kube"
	"drover/lab/engine/internal/notify"
	"drover/lab/engine/internal/snapshot"
)

// controlPlane brings up etcd, then the API server, then what needs it. A founding server starts etcd and the API server
// together: the latter waits for the former by itself, but gives up after 20 s. Members that are started again may take
// longer: each asks the others for the digest of their data before it serves anybody, and waits for those that start, too.
func (s *server) controlPlane(ctx context.Context, group *errgroup.Group, apiReady chan<- struct{}) error {
	host, err := s.joinHost()
	if err != nil {
		return err
	}
	founding := host == "" && !etcd.Initialized(s.node.Data)
	if err := s.member.Prepare(ctx, host); err != nil {
		return err
	}
	group.Go(func() error { return s.member.Run(ctx) })
	if founding {
		group.Go(func() error { return s.apiserver(ctx) })
	}
	if err := s.member.WaitReady(ctx); err != nil {
		return ignoreEnd(ctx, err)
	}
	if err := s.reconcile(ctx); err != nil {
		return err
	}
	if !founding {
		group.Go(func() error { return s.apiserver(ctx) })
	}
	if err := kube.WaitReady(ctx, s.node.Data.Cred("supervisor.kubeconfig")); err != nil {
		return ignoreEnd(ctx, err)
	}
	return s.afterAPI(ctx, group, apiReady)
}

// ignoreEnd drops the error of a wait that was called off: the reason is elsewhere.
func ignoreEnd(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// reconcile makes disk and datastore agree on the shared files: a token that does not open the datastore's is refused; a
// password that was rotated on another server comes to this one.
func (s *server) reconcile(ctx context.Context) error {
	d := s.node.Data
	password, err := s.password()
	if err != nil {
		return err
	}
	c, err := etcd.Dial(d, etcd.Local)
	if err != nil {
		return err
	}
	defer func() { _ = c.Close() }()
	return s.agree(ctx, c, password)
}

func (s *server) agree(ctx context.Context, kv clientv3.KV, password string) error {
	d := s.node.Data
	if err := bootstrap.Store(ctx, kv, d, password); err != nil {
		return err
	}
	stored, err := bootstrap.Load(ctx, kv, password)
	if err != nil {
		return err
	}
	have, err := os.ReadFile(d.Cred("passwd"))
	if err != nil || bytes.Equal(have, stored["PasswdFile"].Content) {
		return err
	}
	logrus.Warnf("%s is out of sync with datastore", d.Cred("passwd"))
	return errors.Join(bootstrap.Place(d, stored), bootstrap.WriteTokens(d))
}

func (s *server) afterAPI(ctx context.Context, group *errgroup.Group, apiReady chan<- struct{}) error {
	d := s.node.Data
	group.Go(func() error { return s.controllerManager(ctx) })
	if !s.values.Bool("disable-scheduler") {
		group.Go(func() error { return s.scheduler(ctx) })
	}
	config, err := kube.Config(d.Cred("supervisor.kubeconfig"))
	if err != nil {
		return err
	}
	manifests, err := addons.New(config, addons.Settings{
		Dir: d.Server("manifests"), Node: s.node.Name, ClusterDNS: s.dns[0], ClusterDomain: s.values.String("cluster-domain"),
		LocalStorage: filepath.Join(string(d), "storage"), Registry: s.values.String("system-default-registry"), Disabled: s.values.List("disable"),
	})
	if err != nil {
		return err
	}
	close(apiReady)
	if err := os.Remove(d.Server("db/reset-flag")); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	logrus.Info("k3s is up and running")
	if err := notify.Ready(); err != nil {
		logrus.Warnf("systemd was not told that we are ready: %v", err)
	}
	if err := untilDone(ctx, manifests.Prepare); err != nil {
		return ignoreEnd(ctx, err)
	}
	group.Go(func() error { return manifests.Run(ctx) })
	group.Go(func() error { return s.followNodes(ctx) })
	group.Go(func() error { return s.ownNode(ctx) })
	group.Go(func() error { return s.followLearners(ctx) })
	return s.snapshots(ctx)
}

// untilDone repeats a step that fails only while the API server settles.
func untilDone(ctx context.Context, step func(context.Context) error) error {
	last := ""
	return kube.Poll(ctx, func(ctx context.Context) bool {
		err := step(ctx)
		if err != nil && err.Error() != last && ctx.Err() == nil {
			last = err.Error()
			logrus.Infof("Waiting for the API server to settle: %v", err)
		}
		return err == nil
	})
}

func (s *server) snapshots(ctx context.Context) error {
	v, d := s.values, s.node.Data
	if v.Bool("etcd-disable-snapshots") {
		return nil
	}
	records, err := snapshot.OpenRecords(d.Cred("supervisor.kubeconfig"))
	if err != nil {
		return err
	}
	store := snapshot.Store{Data: d, Dir: v.String("etcd-snapshot-dir"), Node: s.node.Name, Prefix: v.String("etcd-snapshot-name"), Compress: v.Bool("etcd-snapshot-compress")}
	if store.Dir == "" {
		store.Dir = d.Server("db/snapshots")
	}
	if store.Prefix == "" {
		store.Prefix = "etcd-snapshot"
	}
	return store.Schedule(ctx, v.String("etcd-snapshot-schedule-cron"), v.Int("etcd-snapshot-retention"), records)
}
