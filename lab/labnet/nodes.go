package main

import (
	"context"
	"net/netip"
	"slices"

	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/fields"
	client "k8s.io/client-go/kubernetes/typed/core/v1"
	"k8s.io/client-go/tools/cache"
)

// Peer is another node of the network.
type Peer struct {
	Name    string
	Address netip.Addr
	Block   netip.Prefix
	// Ready tells whether Kubernetes takes the node for alive.
	Ready bool
}

// Nodes is what the API last said about all nodes.
type Nodes struct {
	store   cache.Store
	synced  cache.InformerSynced
	changed chan struct{}
}

func watchNodes(ctx context.Context, api client.CoreV1Interface) *Nodes {
	changed := make(chan struct{}, 1)
	store, controller := cache.NewInformerWithOptions(cache.InformerOptions{
		ListerWatcher: cache.NewListWatchFromClient(api.RESTClient(), "nodes", "", fields.Everything()),
		ObjectType:    &core.Node{},
		Handler: cache.ResourceEventHandlerFuncs{
			AddFunc: func(any) { touch(changed) }, UpdateFunc: func(any, any) { touch(changed) }, DeleteFunc: func(any) { touch(changed) },
		},
	})
	go controller.RunWithContext(ctx)
	return &Nodes{store: store, synced: controller.HasSynced, changed: changed}
}

// get returns a node; nil when the API has none of that name.
func (n *Nodes) get(name string) *core.Node {
	found, ok, err := n.store.GetByKey(name)
	if !ok || err != nil {
		return nil
	}
	return found.(*core.Node)
}

// peers are all other nodes that have a block and an address.
func (n *Nodes) peers(self string) []Peer {
	var out []Peer
	for _, item := range n.store.List() {
		if peer, ok := peerOf(item.(*core.Node)); ok && peer.Name != self {
			out = append(out, peer)
		}
	}
	return out
}

// waiting names the nodes that Kubernetes takes for alive and that have no block yet: their pods cannot be reached.
func (n *Nodes) waiting(self string) []string {
	var out []string
	for _, item := range n.store.List() {
		node := item.(*core.Node)
		if _, ok := peerOf(node); !ok && node.Name != self && isReady(node) {
			out = append(out, node.Name+" has no block yet")
		}
	}
	slices.Sort(out)
	return out
}

func peerOf(node *core.Node) (Peer, bool) {
	block, err := netip.ParsePrefix(node.Annotations[BlockAnnotation])
	address, ok := addressOf(node)
	return Peer{Name: node.Name, Address: address, Block: block, Ready: isReady(node)}, ok && err == nil
}

// addressOf is the node's first IPv4 address in the cluster.
func addressOf(node *core.Node) (netip.Addr, bool) {
	for _, a := range node.Status.Addresses {
		address, err := netip.ParseAddr(a.Address)
		if a.Type == core.NodeInternalIP && err == nil && address.Is4() {
			return address, true
		}
	}
	return netip.Addr{}, false
}

func isReady(node *core.Node) bool {
	for _, condition := range node.Status.Conditions {
		if condition.Type == core.NodeReady {
			return condition.Status == core.ConditionTrue
		}
	}
	return false
}
