package server

import (
	"context"
	"testing"
	"time"

	"go.etcd.io/etcd/api/v3/etcdserverpb"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes/fake"
)

func TestALearnerStandsStillUntilItMovesOnOrIsAnother(t *testing.T) {
	begin := time.Unix(100, 0)
	p := progress{}.next(1, 0, begin)
	for _, c := range []struct {
		id, applied uint64
		after       time.Duration
		standing    time.Duration
	}{
		{1, 0, 10 * time.Second, 10 * time.Second},
		{1, 5, 20 * time.Second, 0},
		{1, 5, 50 * time.Second, 30 * time.Second},
		{1, 4, 60 * time.Second, 40 * time.Second},
		{2, 0, 70 * time.Second, 0},
	} {
		now := begin.Add(c.after)
		p = p.next(c.id, c.applied, now)
		if got := now.Sub(p.at); got != c.standing {
			t.Errorf("%+v: standing for %s", c, got)
		}
	}
}

func TestTheStallLimitIsFiveMinutesUnlessTold(t *testing.T) {
	for text, want := range map[string]time.Duration{"": 5 * time.Minute, "10s": 10 * time.Second} {
		if got, err := stallFrom(func(string) string { return text }); err != nil || got != want {
			t.Errorf("%q: %s %v", text, got, err)
		}
	}
	for _, text := range []string{"soon", "-1s", "0s"} {
		if _, err := stallFrom(func(string) string { return text }); err == nil {
			t.Errorf("%q was taken", text)
		}
	}
}

func TestOtherServersNodesSayWhoHasNoVote(t *testing.T) {
	node := &corev1.Node{
		ObjectMeta: metav1.ObjectMeta{Name: "m1"},
		Status: corev1.NodeStatus{
			Addresses:  []corev1.NodeAddress{{Type: corev1.NodeInternalIP, Address: "10.0.0.2"}},
			Conditions: []corev1.NodeCondition{{Type: voterCondition, Status: corev1.ConditionTrue, Reason: "MemberNotLearner"}},
		},
	}
	client := fake.NewClientset(node)
	s := made(t, "cluster-init: true")
	k := &learnerKeeper{server: s, client: client}
	learner := &etcdserverpb.Member{ID: 7, PeerURLs: []string{"https://10.0.0.2:2380"}, IsLearner: true}
	for _, c := range []struct {
		members []*etcdserverpb.Member
		reason  string
	}{
		{[]*etcdserverpb.Member{learner}, "MemberIsLearner"},
		{nil, "MemberNotFound"},
		{[]*etcdserverpb.Member{{Name: "m1-1", PeerURLs: learner.PeerURLs}}, "MemberNotLearner"},
	} {
		now, err := client.CoreV1().Nodes().Get(context.Background(), "m1", metav1.GetOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if err := k.show(context.Background(), now, c.members); err != nil {
			t.Fatal(err)
		}
		now, err = client.CoreV1().Nodes().Get(context.Background(), "m1", metav1.GetOptions{})
		if err != nil || len(now.Status.Conditions) != 1 || now.Status.Conditions[0].Reason != c.reason {
			t.Errorf("%s: %v %v", c.reason, now.Status.Conditions, err)
		}
	}
}
