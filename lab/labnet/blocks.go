package main

import (
	"encoding/binary"
	"iter"
	"net/netip"
	"strings"
)

// blocks yields the blocks of a pool in their order.
func blocks(pool netip.Prefix, bits int) iter.Seq[netip.Prefix] {
	return func(yield func(netip.Prefix) bool) {
		first := pool.Addr().As4()
		start, size := binary.BigEndian.Uint32(first[:]), uint32(1)<<(32-bits)
		for i := range uint32(1) << (bits - pool.Bits()) {
			var bytes [4]byte
			binary.BigEndian.PutUint32(bytes[:], start+i*size)
			if !yield(netip.PrefixFrom(netip.AddrFrom4(bytes), bits)) {
				return
			}
		}
	}
}

// inPool tells whether a block is one of the pool's.
func inPool(block, pool netip.Prefix, bits int) bool {
	return block.IsValid() && block.Bits() == bits && block.Masked() == block && pool.Contains(block.Addr())
}

// claimName is the name of the object that stands for a block: the API lets only one be made.
func claimName(block netip.Prefix) string {
	return "block-" + strings.NewReplacer(".", "-", "/", "-").Replace(block.String())
}

// blockOf reads a block from the name of its claim.
func blockOf(claim string) (netip.Prefix, bool) {
	parts := strings.Split(strings.TrimPrefix(claim, "block-"), "-")
	if len(parts) != 5 {
		return netip.Prefix{}, false
	}
	block, err := netip.ParsePrefix(strings.Join(parts[:4], ".") + "/" + parts[4])
	return block, err == nil
}
