package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/netip"
	"os"
	"strings"

	coordination "k8s.io/api/coordination/v1"
	core "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	leases "k8s.io/client-go/kubernetes/typed/coordination/v1"
	nodes "k8s.io/client-go/kubernetes/typed/core/v1"
)

// BlockAnnotation tells the other nodes which block a node has.
const BlockAnnotation = "labnet.drover.dev/block"

// claimer gives a node its block. A claim is a Lease named after the block: of two nodes that want the same one, the
// API refuses the second. Claims belong to their nodes and go with them.
type claimer struct {
	nodes   nodes.NodesGetter
	leases  leases.LeasesGetter
	options Options
}

// claim returns the block of the node, an old one where there is one, and notes it on the node and on disk.
func (c claimer) claim(ctx context.Context, node *core.Node, others []Peer) (netip.Prefix, error) {
	api := c.leases.Leases(c.options.Namespace)
	held, err := api.List(ctx, meta.ListOptions{})
	if err != nil {
		return netip.Prefix{}, err
	}
	taken := map[netip.Prefix]bool{}
	for _, peer := range others {
		taken[peer.Block] = true
	}
	for i := range held.Items {
		block, ok := blockOf(held.Items[i].Name)
		if !ok {
			continue
		}
		if holder := held.Items[i].Spec.HolderIdentity; holder != nil && *holder == node.Name && inPool(block, c.options.Pool, c.options.BlockBits) {
			return block, c.renew(ctx, api, &held.Items[i], node)
		}
		taken[block] = true
	}
	for _, block := range c.candidates(node) {
		if taken[block] {
			continue
		}
		_, err := api.Create(ctx, claimOf(block, node), meta.CreateOptions{})
		if apierrors.IsAlreadyExists(err) {
			continue
		}
		return block, err
	}
	return netip.Prefix{}, fmt.Errorf("all blocks of /%d of %s are taken", c.options.BlockBits, c.options.Pool)
}

// candidates are the blocks that the node had before, then all of the pool.
func (c claimer) candidates(node *core.Node) []netip.Prefix {
	var out []netip.Prefix
	noted, _ := os.ReadFile(blockFile)
	for _, text := range []string{node.Annotations[BlockAnnotation], strings.TrimSpace(string(noted))} {
		if block, err := netip.ParsePrefix(text); err == nil && inPool(block, c.options.Pool, c.options.BlockBits) {
			out = append(out, block)
		}
	}
	for block := range blocks(c.options.Pool, c.options.BlockBits) {
		out = append(out, block)
	}
	return out
}

// renew hands a claim over to a node that was made anew under its old name.
func (c claimer) renew(ctx context.Context, api leases.LeaseInterface, lease *coordination.Lease, node *core.Node) error {
	if len(lease.OwnerReferences) == 1 && lease.OwnerReferences[0].UID == node.UID {
		return nil
	}
	lease.OwnerReferences = owners(node)
	_, err := api.Update(ctx, lease, meta.UpdateOptions{})
	return err
}

func owners(node *core.Node) []meta.OwnerReference {
	return []meta.OwnerReference{{APIVersion: "v1", Kind: "Node", Name: node.Name, UID: node.UID}}
}

func claimOf(block netip.Prefix, node *core.Node) *coordination.Lease {
	return &coordination.Lease{
		ObjectMeta: meta.ObjectMeta{Name: claimName(block), OwnerReferences: owners(node)},
		Spec:       coordination.LeaseSpec{HolderIdentity: &node.Name},
	}
}

// publish notes the block on the node, where the other agents read it, and on disk, for a node that is made anew.
func (c claimer) publish(ctx context.Context, node *core.Node, block netip.Prefix) error {
	if err := writeFile(blockFile, []byte(block.String()+"\n"), 0o644); err != nil {
		return err
	}
	if node.Annotations[BlockAnnotation] == block.String() {
		return nil
	}
	patch, err := json.Marshal(map[string]any{"metadata": map[string]any{"annotations": map[string]string{BlockAnnotation: block.String()}}})
	if err != nil {
		return err
	}
	_, err = c.nodes.Nodes().Patch(ctx, node.Name, types.MergePatchType, patch, meta.PatchOptions{})
	return err
}
