package etcd

import (
	"context"

	"github.com/sirupsen/logrus"
	"go.etcd.io/etcd/api/v3/etcdserverpb"
	clientv3 "go.etcd.io/etcd/client/v3"

	"drover/lab/engine/internal/paths"
)

// Members lists the cluster's members as this server's member knows them through the leader.
func Members(ctx context.Context, d paths.Data) ([]*etcdserverpb.Member, error) {
	var members []*etcdserverpb.Member
	err := with(ctx, d, []string{Local}, func(ctx context.Context, c *clientv3.Client) error {
		list, err := c.MemberList(ctx)
		if err == nil {
			members = list.Members
		}
		return err
	})
	return members, err
}

// Remove takes a member out of the cluster by name and address. A member that is not there is removed already.
func Remove(ctx context.Context, d paths.Data, name, ip string) error {
	return with(ctx, d, []string{Local}, func(ctx context.Context, c *clientv3.Client) error {
		list, err := c.MemberList(ctx)
		if err != nil {
			return err
		}
		for _, m := range list.Members {
			if m.Name != name || !hasAddress(m, ip) {
				continue
			}
			logrus.Infof("Removing name=%s id=%d address=%s from etcd", m.Name, m.ID, ip)
			_, err := c.MemberRemove(ctx, m.ID)
			return err
		}
		return nil
	})
}
