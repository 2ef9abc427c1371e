package server

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/sirupsen/logrus"
	"go.etcd.io/etcd/api/v3/etcdserverpb"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes"

	"drover/lab/engine/internal/etcd"
	"drover/lab/engine/internal/kube"
)

const (
	// stallLimit is how long K3s lets a learner stand still before it is removed.
	stallLimit = 5 * time.Minute
	// stallVariable shortens it, for tests of what happens then.
	stallVariable = "DROVER_LAB_LEARNER_STALL"
)

// stallFrom reads the limit from the environment.
func stallFrom(getenv func(string) string) (time.Duration, error) {
	text := getenv(stallVariable)
	if text == "" {
		return stallLimit, nil
	}
	limit, err := time.ParseDuration(text)
	if err != nil || limit <= 0 {
		return 0, fmt.Errorf("%s: %q is no duration such as 10s", stallVariable, text)
	}
	return limit, nil
}

// progress is how far a learner has come, and when it came there. There is one learner at a time.
type progress struct {
	id      uint64
	applied uint64
	at      time.Time
}

// next takes a new look at a learner: another one, or one that has moved on, begins anew.
func (p progress) next(id, applied uint64, now time.Time) progress {
	if p.id != id || applied > p.applied {
		return progress{id: id, applied: applied, at: now}
	}
	return p
}

// learnerKeeper does what K3s' server does whose etcd member leads: it shows on the Nodes of other servers who has no
// vote, and takes learners out that stand still. Their own servers have no API yet and cannot say it.
type learnerKeeper struct {
	server *server
	client kubernetes.Interface
	seen   progress
}

func (s *server) followLearners(ctx context.Context) error {
	client, err := kube.Client(s.node.Data.Cred("supervisor.kubeconfig"))
	if err != nil {
		return err
	}
	k := &learnerKeeper{server: s, client: client}
	for {
		if err := k.look(ctx); err != nil && ctx.Err() == nil {
			logrus.Debugf("etcd learners: %v", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(2 * time.Second):
		}
	}
}

func (k *learnerKeeper) look(ctx context.Context) error {
	d := k.server.node.Data
	if leads, err := etcd.Leads(ctx, d); err != nil || !leads {
		k.seen = progress{}
		return err
	}
	members, err := etcd.Members(ctx, d)
	if err != nil {
		return err
	}
	nodes, err := k.client.CoreV1().Nodes().List(ctx, metav1.ListOptions{LabelSelector: etcdRole + "=true"})
	if err != nil {
		return err
	}
	for i := range nodes.Items {
		if err := k.show(ctx, &nodes.Items[i], members); err != nil {
			return err
		}
	}
	for _, m := range members {
		if m.IsLearner {
			return k.track(ctx, m)
		}
	}
	k.seen = progress{}
	return nil
}

// show writes the voter condition of another server's Node when it is no longer true.
func (k *learnerKeeper) show(ctx context.Context, n *corev1.Node, members []*etcdserverpb.Member) error {
	if n.Name == k.server.node.Name || n.DeletionTimestamp != nil {
		return nil
	}
	c := vote(etcd.Of(members, n.Annotations[nameNote], addressOf(n)))
	for _, old := range n.Status.Conditions {
		if old.Type == voterCondition && old.Status == c.Status && old.Reason == c.Reason {
			return nil
		}
	}
	c.LastHeartbeatTime, c.LastTransitionTime = metav1.Now(), metav1.Now()
	return patchCondition(ctx, k.client, n.Name, c)
}

func addressOf(n *corev1.Node) string {
	for _, a := range n.Status.Addresses {
		if a.Type == corev1.NodeInternalIP {
			return a.Address
		}
	}
	return ""
}

func (k *learnerKeeper) track(ctx context.Context, m *etcdserverpb.Member) error {
	now := time.Now()
	k.seen = k.seen.next(m.ID, etcd.Applied(ctx, k.server.node.Data, m), now)
	stalled := now.Sub(k.seen.at)
	if stalled > 0 {
		logrus.Warnf("Learner %s stalled at RaftAppliedIndex=%d for %s", etcd.Shown(m), k.seen.applied, stalled.Round(time.Second))
	}
	if stalled <= k.server.stall {
		return nil
	}
	logrus.Warnf("Removing learner %s from etcd cluster", etcd.Shown(m))
	return etcd.RemoveID(ctx, k.server.node.Data, m.ID)
}

// vote is the voter condition of a server's member; nil is no member.
func vote(m *etcdserverpb.Member) corev1.NodeCondition {
	c := corev1.NodeCondition{Type: voterCondition, Status: corev1.ConditionFalse, Reason: "MemberNotFound", Message: "Node is not a member of the etcd cluster"}
	switch {
	case m == nil:
	case m.IsLearner:
		c.Reason, c.Message = "MemberIsLearner", "Node has not been promoted to voting member of the etcd cluster"
	default:
		c.Status, c.Reason, c.Message = corev1.ConditionTrue, "MemberNotLearner", "Node is a voting member of the etcd cluster"
	}
	return c
}

func patchCondition(ctx context.Context, client kubernetes.Interface, node string, c corev1.NodeCondition) error {
	patch, err := json.Marshal(map[string]any{"status": map[string]any{"conditions": []corev1.NodeCondition{c}}})
	if err != nil {
		return err
	}
	_, err = client.CoreV1().Nodes().Patch(ctx, node, types.StrategicMergePatchType, patch, metav1.PatchOptions{}, "status")
	return err
}
