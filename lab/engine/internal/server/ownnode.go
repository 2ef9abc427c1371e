package server

import (
	"context"
	"encoding/json"
	"time"

	"github.com/sirupsen/logrus"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes"

	"drover/lab/engine/internal/encrypt"
	"drover/lab/engine/internal/etcd"
	"drover/lab/engine/internal/kube"
)

// voterCondition is K3s' node condition that tells whether the node's etcd member votes.
const voterCondition = "EtcdIsVoter"

// ownNode keeps this server's roles, annotations and voter condition on its Node for as long as it runs; a Node that was
// deleted and came back gets them again.
func (s *server) ownNode(ctx context.Context) error {
	client, err := kube.Client(s.node.Data.Cred("supervisor.kubeconfig"))
	if err != nil {
		return err
	}
	pause, last := 200*time.Millisecond, ""
	for {
		err := s.describe(ctx, client)
		switch {
		case err == nil:
			pause, last = 5*time.Second, ""
		case err.Error() != last && ctx.Err() == nil:
			pause, last = 200*time.Millisecond, err.Error()
			logrus.Infof("Waiting to label node %s: %v", s.node.Name, err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(pause):
		}
	}
}

func (s *server) describe(ctx context.Context, client kubernetes.Interface) error {
	nodes := client.CoreV1().Nodes()
	node, err := nodes.Get(ctx, s.node.Name, metav1.GetOptions{})
	if err != nil {
		return err
	}
	hash, err := encrypt.Hash(s.node.Data)
	if err != nil {
		return err
	}
	labels := map[string]string{"node-role.kubernetes.io/control-plane": "true", "node-role.kubernetes.io/etcd": "true"}
	notes := map[string]string{nameNote: s.member.Name, addressNote: s.member.IP}
	if hash != "" {
		notes[encrypt.Annotation] = hash
	}
	if missing(node.Labels, labels) || missing(node.Annotations, notes) {
		patch, err := json.Marshal(map[string]any{"metadata": map[string]any{"labels": labels, "annotations": notes}})
		if err != nil {
			return err
		}
		if _, err := nodes.Patch(ctx, node.Name, types.MergePatchType, patch, metav1.PatchOptions{}); err != nil {
			return err
		}
	}
	return s.describeVote(ctx, client, node)
}

func missing(have, want map[string]string) bool {
	for k, v := range want {
		if have[k] != v {
			return true
		}
	}
	return false
}

func (s *server) describeVote(ctx context.Context, client kubernetes.Interface, node *corev1.Node) error {
	members, err := etcd.Members(ctx, s.node.Data)
	if err != nil {
		return err
	}
	c := vote(etcd.Of(members, s.member.Name, ""))
	now := metav1.Now()
	c.LastHeartbeatTime, c.LastTransitionTime = now, now
	for _, old := range node.Status.Conditions {
		if old.Type != voterCondition || old.Status != c.Status || old.Reason != c.Reason {
			continue
		}
		if now.Sub(old.LastHeartbeatTime.Time) < 15*time.Second {
			return nil
		}
		c.LastTransitionTime = old.LastTransitionTime
	}
	return patchCondition(ctx, client, node.Name, c)
}
