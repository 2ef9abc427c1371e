package etcd

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/sirupsen/logrus"

	"drover/lab/engine/internal/child"
	"drover/lab/engine/internal/files"
	"drover/lab/engine/internal/paths"
	"drover/lab/engine/internal/token"
)

// MemberName reads the name of this server's member, making one that is new for each life of the data directory.
func MemberName(d paths.Data, node string) (string, error) {
	name, err := files.ReadTrimmed(d.Etcd("name"))
	if err != nil || name != "" {
		return name, err
	}
	if err := os.MkdirAll(d.Etcd(), 0o700); err != nil {
		return "", err
	}
	name = node + "-" + token.Random(4)
	return name, files.Write(d.Etcd("name"), []byte(name), 0o600)
}

// Initialized tells whether this server has been part of a cluster.
func Initialized(d paths.Data) bool { return files.Exists(d.Etcd("member", "wal")) }

// LeaveOld moves the database aside when this member was removed from its cluster, so that the server can join anew.
func LeaveOld(d paths.Data, now time.Time) (bool, error) {
	if !files.Exists(d.Etcd("tombstone")) {
		return false, nil
	}
	logrus.Infof("tombstone file has been detected, removing data dir to rejoin the cluster")
	return true, SetAside(d, now)
}

// SetAside renames the database to etcd-old-<time>, as K3s keeps it.
func SetAside(d paths.Data, now time.Time) error {
	if !files.Exists(d.Etcd()) {
		return nil
	}
	return os.Rename(d.Etcd(), fmt.Sprintf("%s-old-%d", d.Etcd(), now.Unix()))
}

// Prepare writes the configuration for the next start of the member: as the first one, as a learner of the cluster
// that the server at joinHost belongs to, or as what it was before.
func (m Member) Prepare(ctx context.Context, joinHost string) error {
	s := start{initial: m.Name + "=" + peerURL(m.IP)}
	switch {
	case Initialized(m.Data):
		s.existing = true
	case joinHost != "":
		initial, err := m.join(ctx, joinHost)
		if err != nil {
			return err
		}
		s = start{initial: initial, existing: true}
	}
	_, err := m.writeConfig(s)
	return err
}

// Run keeps the member running until ctx ends. Prepare must have been called.
func (m Member) Run(ctx context.Context) error {
	err := child.Run(ctx, child.Spec{Name: "etcd", Path: m.Data.Bin("etcd"), Args: []string{m.Data.Etcd("config")}})
	if err != nil && files.Exists(m.Data.Etcd("tombstone")) {
		return errors.New("this node has been removed from the cluster please restart k3s to rejoin the cluster")
	}
	return err
}
