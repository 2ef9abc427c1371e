package main

import (
	"net/netip"
	"slices"
	"testing"
)

func TestBlocksFillThePoolInOrder(t *testing.T) {
	pool := netip.MustParsePrefix("10.42.128.0/17")
	all := slices.Collect(blocks(pool, 24))
	if len(all) != 128 || all[0].String() != "10.42.128.0/24" || all[127].String() != "10.42.255.0/24" {
		t.Fatalf("%d blocks, from %s to %s", len(all), all[0], all[len(all)-1])
	}
	for _, block := range all {
		if !inPool(block, pool, 24) {
			t.Errorf("%s is not in the pool that it was cut from", block)
		}
		if back, ok := blockOf(claimName(block)); !ok || back != block {
			t.Errorf("%s is claimed as %s, which is read as %s", block, claimName(block), back)
		}
	}
}

func TestForeignBlocksAreNotInThePool(t *testing.T) {
	pool := netip.MustParsePrefix("10.42.128.0/17")
	for _, text := range []string{"10.42.0.0/24", "10.42.128.0/25", "10.42.128.1/24", "10.43.128.0/24"} {
		if inPool(netip.MustParsePrefix(text), pool, 24) {
			t.Errorf("%s", text)
		}
	}
	if inPool(netip.Prefix{}, pool, 24) {
		t.Error("no block at all")
	}
	for _, name := range []string{"block-10-42-128-0", "kube-root", "block-a-b-c-d-24"} {
		if block, ok := blockOf(name); ok {
			t.Errorf("%s is read as %s", name, block)
		}
	}
}
