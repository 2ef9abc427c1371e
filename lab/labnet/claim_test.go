package main

import (
	"context"
	"net/netip"
	"testing"

	coordination "k8s.io/api/coordination/v1"
	core "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	leases "k8s.io/client-go/kubernetes/typed/coordination/v1"
)

// memory is an API of claims; hidden claims are there and not listed yet, as when two agents start at once.
type memory struct {
	leases.LeaseInterface
	held   map[string]coordination.Lease
	hidden map[string]bool
}

func (m *memory) Leases(string) leases.LeaseInterface { return m }

func (m *memory) List(context.Context, meta.ListOptions) (*coordination.LeaseList, error) {
	list := &coordination.LeaseList{}
	for name, lease := range m.held {
		if !m.hidden[name] {
			list.Items = append(list.Items, lease)
		}
	}
	return list, nil
}

func (m *memory) Create(_ context.Context, lease *coordination.Lease, _ meta.CreateOptions) (*coordination.Lease, error) {
	if _, taken := m.held[lease.Name]; taken {
		return nil, apierrors.NewAlreadyExists(schema.GroupResource{Resource: "leases"}, lease.Name)
	}
	m.held[lease.Name] = *lease
	return lease, nil
}

func (m *memory) Update(_ context.Context, lease *coordination.Lease, _ meta.UpdateOptions) (*coordination.Lease, error) {
	m.held[lease.Name] = *lease
	return lease, nil
}

func claimerOf(pool string, bits int) (claimer, *memory) {
	m := &memory{held: map[string]coordination.Lease{}, hidden: map[string]bool{}}
	return claimer{leases: m, options: Options{Pool: netip.MustParsePrefix(pool), BlockBits: bits}}, m
}

func nodeOf(name, uid, noted string) *core.Node {
	return &core.Node{ObjectMeta: meta.ObjectMeta{Name: name, UID: types.UID(uid), Annotations: map[string]string{BlockAnnotation: noted}}}
}

func claimed(t *testing.T, c claimer, node *core.Node, others ...Peer) string {
	t.Helper()
	block, err := c.claim(t.Context(), node, others)
	if err != nil {
		t.Fatal(err)
	}
	return block.String()
}

func TestEveryNodeGetsABlockOfItsOwn(t *testing.T) {
	c, m := claimerOf("10.42.0.0/22", 24)
	if got := claimed(t, c, nodeOf("a", "1", "")); got != "10.42.0.0/24" {
		t.Errorf("the first: %s", got)
	}
	m.hidden["block-10-42-0-0-24"] = true
	if got := claimed(t, c, nodeOf("b", "2", "")); got != "10.42.1.0/24" {
		t.Errorf("at the same time: %s", got)
	}
	m.hidden = map[string]bool{}
	if got := claimed(t, c, nodeOf("a", "1", "")); got != "10.42.0.0/24" {
		t.Errorf("asked again: %s", got)
	}
}

func TestABlockThatAnotherNodeNotesIsNotTaken(t *testing.T) {
	c, _ := claimerOf("10.42.0.0/22", 24)
	other := Peer{Name: "b", Block: netip.MustParsePrefix("10.42.0.0/24")}
	if got := claimed(t, c, nodeOf("a", "1", ""), other); got != "10.42.1.0/24" {
		t.Error(got)
	}
}

func TestANodeKeepsTheBlockThatItHad(t *testing.T) {
	c, m := claimerOf("10.42.0.0/22", 24)
	if got := claimed(t, c, nodeOf("a", "1", "10.42.3.0/24")); got != "10.42.3.0/24" {
		t.Errorf("by its annotation: %s", got)
	}
	if got := claimed(t, c, nodeOf("a", "2", "")); got != "10.42.3.0/24" {
		t.Errorf("made anew: %s", got)
	}
	if owner := m.held["block-10-42-3-0-24"].OwnerReferences[0].UID; owner != "2" {
		t.Errorf("the claim belongs to node %s", owner)
	}
	if got := claimed(t, c, nodeOf("b", "3", "10.43.0.0/24")); got != "10.42.0.0/24" {
		t.Errorf("of another pool: %s", got)
	}
}

func TestAFullPoolIsSaid(t *testing.T) {
	c, _ := claimerOf("10.42.0.0/24", 24)
	claimed(t, c, nodeOf("a", "1", ""))
	if _, err := c.claim(t.Context(), nodeOf("b", "2", ""), nil); err == nil {
		t.Error("two nodes have the only block")
	}
}
