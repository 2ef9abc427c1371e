package etcd

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/sirupsen/logrus"
	"go.etcd.io/etcd/api/v3/etcdserverpb"
	"go.etcd.io/etcd/api/v3/v3rpc/rpctypes"
	clientv3 "go.etcd.io/etcd/client/v3"

	"drover/lab/engine/internal/files"
	"drover/lab/engine/internal/kube"
)

// ErrDuplicateName is K3s' refusal of a server whose name is a member's already.
var ErrDuplicateName = errors.New("duplicate node name found, please use a unique name for this node")

// join adds this member as a learner of the cluster that the server at host belongs to, and returns the peers to
// start with. etcd takes one learner at a time: others wait here for their turn.
func (m Member) join(ctx context.Context, host string) (string, error) {
	var initial string
	var refused error
	lastWords := ""
	err := kube.Poll(ctx, func(ctx context.Context) bool {
		err := with(ctx, m.Data, []string{Endpoint(host)}, func(ctx context.Context, c *clientv3.Client) error {
			members, err := m.add(ctx, c)
			if err != nil {
				return err
			}
			initial = m.initialCluster(members)
			return m.remember(members)
		})
		if errors.Is(err, ErrDuplicateName) {
			refused = err
		}
		if err != nil && err.Error() != lastWords {
			lastWords = err.Error()
			logrus.Infof("Waiting for other members to finish joining etcd cluster: %v", err)
		}
		return err == nil || refused != nil
	})
	return initial, errors.Join(err, refused)
}

func (m Member) add(ctx context.Context, c *clientv3.Client) ([]*etcdserverpb.Member, error) {
	list, err := c.MemberList(ctx)
	if err != nil {
		return nil, err
	}
	for _, other := range list.Members {
		if other.Name != "" && nodeOf(other.Name) == nodeOf(m.Name) {
			return nil, ErrDuplicateName
		}
		if other.Name == "" && hasAddress(other, m.IP) {
			return list.Members, nil // an earlier start of ours was added and got no further
		}
	}
	for _, other := range list.Members {
		if other.IsLearner { // asking anyway would cost the leader a proposal each time
			return nil, rpctypes.ErrTooManyLearners
		}
	}
	logrus.Infof("Adding member %s=%s to etcd cluster %v", m.Name, peerURL(m.IP), m.initialCluster(list.Members))
	added, err := c.MemberAddAsLearner(ctx, []string{peerURL(m.IP)})
	if err != nil {
		return nil, err
	}
	return added.Members, nil
}

func (m Member) initialCluster(members []*etcdserverpb.Member) string {
	var peers []string
	for _, other := range members {
		name := other.Name
		if name == "" {
			name = fmt.Sprintf("unstarted-%x", other.ID)
			if hasAddress(other, m.IP) {
				name = m.Name
			}
		}
		for _, u := range other.PeerURLs {
			peers = append(peers, name+"="+u)
		}
	}
	return strings.Join(peers, ",")
}

// nodeOf takes the random suffix off a member's name.
func nodeOf(member string) string {
	if at := strings.LastIndexByte(member, '-'); at > 0 {
		return member[:at]
	}
	return member
}

func hasAddress(m *etcdserverpb.Member, ip string) bool {
	for _, p := range m.PeerURLs {
		if u, err := url.Parse(p); err == nil && u.Hostname() == ip {
			return true
		}
	}
	return false
}

// WaitReady waits until this member answers reads through the leader, having had it promoted if it is a learner.
func (m Member) WaitReady(ctx context.Context) error {
	c, err := Dial(m.Data, Local)
	if err != nil {
		return err
	}
	defer func() { _ = c.Close() }()
	said := time.Now()
	return kube.Poll(ctx, func(ctx context.Context) bool {
		_, err := getWithin(ctx, c, time.Second)
		if err == nil {
			return true
		}
		// A learner that has not heard of its own membership yet does not refuse but waits for a leader.
		if joined := files.Exists(m.Data.Etcd("joined")); joined && ctx.Err() == nil {
			err = m.promote(ctx)
		}
		if err != nil && time.Since(said) > 10*time.Second {
			logrus.Infof("Waiting for etcd: %v", err)
			said = time.Now()
		}
		return false
	})
}

func getWithin(ctx context.Context, c *clientv3.Client, limit time.Duration) (*clientv3.GetResponse, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	return c.Get(ctx, "/health")
}

// promote asks the members that it joined to make this learner one of them; they refuse until it has caught up. A
// learner itself answers no question about the cluster.
func (m Member) promote(ctx context.Context) error {
	known, err := m.known()
	if err != nil {
		return err
	}
	err = with(ctx, m.Data, known, func(ctx context.Context, c *clientv3.Client) error {
		list, err := c.MemberList(ctx)
		if err != nil {
			return err
		}
		for _, other := range list.Members {
			if other.Name == m.Name && other.IsLearner {
				return m.promoteMember(ctx, c, other.ID)
			}
		}
		return nil
	})
	return err
}

func (m Member) promoteMember(ctx context.Context, c *clientv3.Client, id uint64) error {
	_, err := c.MemberPromote(ctx, id)
	if err == nil {
		logrus.Infof("etcd learner %s was promoted to voter", m.Name)
	}
	return err
}

// known are the client addresses of the members that this one joined, kept beside its data for a start as a learner.
func (m Member) known() ([]string, error) {
	content, err := files.ReadTrimmed(m.Data.Etcd("joined"))
	if err == nil && content == "" {
		err = errors.New("this etcd member is a learner and does not know whom it joined")
	}
	return strings.Fields(content), err
}

// remember keeps the voters' client addresses.
func (m Member) remember(members []*etcdserverpb.Member) error {
	var voters []string
	for _, other := range members {
		if !other.IsLearner && !hasAddress(other, m.IP) {
			voters = append(voters, other.ClientURLs...)
		}
	}
	return files.Write(m.Data.Etcd("joined"), []byte(strings.Join(voters, "\n")+"\n"), 0o600)
}
