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
	clientv3 "go.etcd.io/etcd/client/v3"

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
			initial = m.initialCluster(members)
			return err
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
		ctx, cancel := context.WithTimeout(ctx, callTimeout)
		defer cancel()
		_, err := c.Get(ctx, "/health")
		if err == nil {
			return true
		}
		if time.Since(said) > 10*time.Second {
			logrus.Infof("Waiting for etcd: %v", err)
			said = time.Now()
		}
		if strings.Contains(err.Error(), "not supported for learner") {
			m.promote(ctx, c)
		}
		return false
	})
}

// promote asks the voters to make this learner one of them; they refuse until it has caught up.
func (m Member) promote(ctx context.Context, local *clientv3.Client) {
	list, err := local.MemberList(ctx, clientv3.WithSerializable())
	if err != nil {
		return
	}
	var voters []string
	var self uint64
	for _, other := range list.Members {
		if other.Name == m.Name {
			self = other.ID
		} else if !other.IsLearner {
			voters = append(voters, other.ClientURLs...)
		}
	}
	if self == 0 || len(voters) == 0 {
		return
	}
	err = with(ctx, m.Data, voters, func(ctx context.Context, c *clientv3.Client) error {
		_, err := c.MemberPromote(ctx, self)
		return err
	})
	if err == nil {
		logrus.Infof("etcd learner %s was promoted to voter", m.Name)
	}
}
