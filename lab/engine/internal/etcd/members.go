package etcd

import (
	"context"
	"fmt"
	"strings"

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

// RemoveID takes a member out of the cluster.
func RemoveID(ctx context.Context, d paths.Data, id uint64) error {
	return with(ctx, d, []string{Local}, func(ctx context.Context, c *clientv3.Client) error {
		_, err := c.MemberRemove(ctx, id)
		return err
	})
}

// Of finds a server's member: by its name, or by its address as long as it has not told its name; nil when it has none.
func Of(members []*etcdserverpb.Member, name, ip string) *etcdserverpb.Member {
	for _, m := range members {
		if (name != "" && m.Name == name) || (ip != "" && hasAddress(m, ip)) {
			return m
		}
	}
	return nil
}

// Shown is what messages call a member: a learner that never came up has no name.
func Shown(m *etcdserverpb.Member) string {
	if m.Name == "" {
		return fmt.Sprintf("%x at %s", m.ID, strings.Join(m.PeerURLs, ","))
	}
	return m.Name
}

// Leads tells whether this server's member is the leader.
func Leads(ctx context.Context, d paths.Data) (bool, error) {
	leads := false
	err := with(ctx, d, []string{Local}, func(ctx context.Context, c *clientv3.Client) error {
		status, err := c.Status(ctx, Local)
		if err == nil {
			leads = status.Leader == status.Header.MemberId
		}
		return err
	})
	return leads, err
}

// Applied is how far a learner has come in the log; 0 when it does not answer.
func Applied(ctx context.Context, d paths.Data, m *etcdserverpb.Member) uint64 {
	for _, endpoint := range m.ClientURLs {
		var applied uint64
		err := with(ctx, d, []string{endpoint}, func(ctx context.Context, c *clientv3.Client) error {
			status, err := c.Status(ctx, endpoint)
			if err == nil {
				applied = status.RaftAppliedIndex
			}
			return err
		})
		if err == nil {
			return applied
		}
	}
	return 0
}
