package main

import (
	"net"
	"net/netip"

	"github.com/google/nftables"
	"github.com/google/nftables/binaryutil"
	"github.com/google/nftables/expr"
	"github.com/google/nftables/userdata"
)

const (
	natTable       = "labnet"
	sourceOffset   = 12
	destinationOff = 16
)

var multicast = netip.MustParsePrefix("224.0.0.0/4")

// ensureMasquerade hides pods behind their node when they talk to addresses outside the cluster, and only then. It has
// a table of its own: whichever back end others use for their rules, theirs are not touched.
func ensureMasquerade(o Options) error {
	text := "pods of " + o.Pool.String() + " leave " + o.Pods.String()
	c, err := nftables.New()
	if err != nil {
		return err
	}
	table := &nftables.Table{Name: natTable, Family: nftables.TableFamilyIPv4}
	chain := &nftables.Chain{
		Name: "postrouting", Table: table, Type: nftables.ChainTypeNAT,
		Hooknum: nftables.ChainHookPostrouting, Priority: nftables.ChainPriorityNATSource,
	}
	if hasRule(c, table, chain, text) {
		return nil
	}
	c.AddTable(table)
	c.AddChain(chain)
	c.FlushChain(chain)
	c.AddRule(&nftables.Rule{
		Table: table, Chain: chain, UserData: userdata.AppendString(nil, userdata.TypeComment, text),
		Exprs: append(append(append(
			matches(sourceOffset, o.Pool, expr.CmpOpEq),
			matches(destinationOff, o.Pods, expr.CmpOpNeq)...),
			matches(destinationOff, multicast, expr.CmpOpNeq)...),
			&expr.Masq{Random: true, FullyRandom: true}),
	})
	return c.Flush()
}

// hasRule tells whether the chain holds the rule of this text and no other.
func hasRule(c *nftables.Conn, table *nftables.Table, chain *nftables.Chain, text string) bool {
	rules, err := c.GetRules(table, chain)
	if err != nil || len(rules) != 1 {
		return false
	}
	comment, ok := userdata.GetString(rules[0].UserData, userdata.TypeComment)
	return ok && comment == text
}

func matches(offset uint32, p netip.Prefix, op expr.CmpOp) []expr.Any {
	return []expr.Any{
		&expr.Payload{DestRegister: 1, Base: expr.PayloadBaseNetworkHeader, Offset: offset, Len: 4},
		&expr.Bitwise{SourceRegister: 1, DestRegister: 1, Len: 4, Mask: net.CIDRMask(p.Bits(), 32), Xor: binaryutil.NativeEndian.PutUint32(0)},
		&expr.Cmp{Op: op, Register: 1, Data: p.Masked().Addr().AsSlice()},
	}
}
