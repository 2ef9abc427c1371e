package main

import (
	"errors"
	"net"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

const (
	// protocol marks the agent's routes, so that it never touches those of others.
	protocol = 73
	// ownMetric is worse than that of the bridge's route, which takes the block as soon as a pod is there.
	ownMetric = 4096
)

// ensureWire gives the tunnel an entry for every peer, and takes those of nodes away that are none any more.
func ensureWire(link netlink.Link, self Peer, peers []Peer) error {
	return errors.Join(
		ensureNeighbours(link, wantedForwarding(link, peers), unix.AF_BRIDGE),
		ensureNeighbours(link, wantedNeighbours(link, peers), unix.AF_INET),
		ensureRoutes(wantedRoutes(link, self, peers)),
	)
}

func wantedForwarding(link netlink.Link, peers []Peer) map[string]netlink.Neigh {
	out := map[string]netlink.Neigh{}
	for _, p := range peers {
		out[hardware(p.Address).String()] = netlink.Neigh{
			LinkIndex: link.Attrs().Index, Family: unix.AF_BRIDGE, State: unix.NUD_PERMANENT, Flags: unix.NTF_SELF,
			IP: p.Address.AsSlice(), HardwareAddr: hardware(p.Address),
		}
	}
	return out
}

func wantedNeighbours(link netlink.Link, peers []Peer) map[string]netlink.Neigh {
	out := map[string]netlink.Neigh{}
	for _, p := range peers {
		out[p.Block.Addr().String()] = netlink.Neigh{
			LinkIndex: link.Attrs().Index, Family: unix.AF_INET, State: unix.NUD_PERMANENT,
			IP: p.Block.Addr().AsSlice(), HardwareAddr: hardware(p.Address),
		}
	}
	return out
}

// ensureNeighbours compares entries of one family by their key: the hardware address, or that of the peer's end.
func ensureNeighbours(link netlink.Link, want map[string]netlink.Neigh, family int) error {
	found, err := netlink.NeighList(link.Attrs().Index, family)
	if err != nil {
		return err
	}
	var failures []error
	there := map[string]bool{}
	for _, n := range found {
		key := n.IP.String()
		if family == unix.AF_BRIDGE {
			key = n.HardwareAddr.String()
		}
		w, wanted := want[key]
		switch {
		case wanted && w.IP.Equal(n.IP) && w.HardwareAddr.String() == n.HardwareAddr.String() && n.State&unix.NUD_PERMANENT != 0:
			there[key] = true
		case !wanted && n.State&unix.NUD_PERMANENT != 0:
			failures = append(failures, netlink.NeighDel(&n))
		}
	}
	for key, w := range want {
		if !there[key] {
			failures = append(failures, netlink.NeighSet(&w))
		}
	}
	return errors.Join(failures...)
}

func wantedRoutes(link netlink.Link, self Peer, peers []Peer) map[string]netlink.Route {
	own := netlink.Route{Dst: ipNet(self.Block), Type: unix.RTN_UNREACHABLE, Protocol: protocol, Priority: ownMetric, Table: unix.RT_TABLE_MAIN}
	out := map[string]netlink.Route{self.Block.String(): own}
	for _, p := range peers {
		out[p.Block.String()] = netlink.Route{
			LinkIndex: link.Attrs().Index, Dst: ipNet(p.Block), Gw: p.Block.Addr().AsSlice(),
			Flags: int(netlink.FLAG_ONLINK), Protocol: protocol, Type: unix.RTN_UNICAST, Table: unix.RT_TABLE_MAIN,
		}
	}
	return out
}

func ensureRoutes(want map[string]netlink.Route) error {
	found, err := netlink.RouteListFiltered(netlink.FAMILY_V4, &netlink.Route{Protocol: protocol}, netlink.RT_FILTER_PROTOCOL)
	if err != nil {
		return err
	}
	var failures []error
	there := map[string]bool{}
	for _, r := range found {
		if w, wanted := want[textOf(r.Dst)]; wanted && w.LinkIndex == r.LinkIndex && w.Gw.Equal(r.Gw) && w.Type == r.Type {
			there[textOf(r.Dst)] = true
			continue
		}
		failures = append(failures, netlink.RouteDel(&r))
	}
	for key, w := range want {
		if !there[key] {
			failures = append(failures, netlink.RouteReplace(&w))
		}
	}
	return errors.Join(failures...)
}

func textOf(dst *net.IPNet) string {
	if dst == nil {
		return ""
	}
	return dst.String()
}
