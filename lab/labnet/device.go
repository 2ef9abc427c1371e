package main

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"

	"github.com/vishvananda/netlink"
)

const (
	// Device is the tunnel, bridge the device that pods of the node hang on.
	Device, bridge = "labnet.1", "labnet0"
	// overhead is what the tunnel adds to a packet: Ethernet, IPv4, UDP and VXLAN headers.
	overhead = 50
)

// underlay is the device that holds the node's address.
func underlay(address netip.Addr) (netlink.Link, error) {
	found, err := netlink.AddrList(nil, netlink.FAMILY_V4)
	if err != nil {
		return nil, err
	}
	for _, a := range found {
		if a.IP.Equal(address.AsSlice()) {
			return netlink.LinkByIndex(a.LinkIndex)
		}
	}
	return nil, fmt.Errorf("no device holds the node's address %s", address)
}

// podMTU is the MTU of pods; one that the underlay cannot carry is refused.
func podMTU(o Options, under netlink.Link) (int, error) {
	most := under.Attrs().MTU - overhead
	if o.MTU == 0 {
		return most, nil
	}
	if o.MTU > most {
		return 0, fmt.Errorf("MTU %d does not fit: %s carries %d, less %d for the tunnel", o.MTU, under.Attrs().Name, under.Attrs().MTU, overhead)
	}
	return o.MTU, nil
}

// hardware is the address that a node's end of the tunnel has: every node can tell it from the node's address. One that
// is set when the device is made is left alone by systemd.
func hardware(address netip.Addr) net.HardwareAddr {
	return append(net.HardwareAddr{0x02, 0x1a}, address.AsSlice()...)
}

// ensureDevice makes the tunnel's device as it should be, and leaves a device that is so alone.
func ensureDevice(o Options, self Peer) (netlink.Link, error) {
	under, err := underlay(self.Address)
	if err != nil {
		return nil, err
	}
	mtu, err := podMTU(o, under)
	if err != nil {
		return nil, err
	}
	want := &netlink.Vxlan{
		LinkAttrs: netlink.LinkAttrs{Name: Device, MTU: mtu, HardwareAddr: hardware(self.Address)},
		VxlanId:   o.VNI, VtepDevIndex: under.Attrs().Index, SrcAddr: self.Address.AsSlice(), Port: o.Port, Learning: false,
	}
	link, err := netlink.LinkByName(Device)
	if err == nil && !sameTunnel(link, want) {
		if err := netlink.LinkDel(link); err != nil {
			return nil, err
		}
		link = nil
	}
	if link == nil || errors.As(err, new(netlink.LinkNotFoundError)) {
		if err := netlink.LinkAdd(want); err != nil {
			return nil, fmt.Errorf("%s: %w", Device, err)
		}
		link, err = netlink.LinkByName(Device)
	}
	if err != nil {
		return nil, err
	}
	return link, errors.Join(raise(link, mtu), ensureAddress(link, self.Block))
}

func sameTunnel(link netlink.Link, want *netlink.Vxlan) bool {
	found, ok := link.(*netlink.Vxlan)
	return ok && found.VxlanId == want.VxlanId && found.Port == want.Port && found.VtepDevIndex == want.VtepDevIndex &&
		found.SrcAddr.Equal(want.SrcAddr) && !found.Learning && found.HardwareAddr.String() == want.HardwareAddr.String()
}

func raise(link netlink.Link, mtu int) error {
	if link.Attrs().MTU != mtu {
		if err := netlink.LinkSetMTU(link, mtu); err != nil {
			return err
		}
	}
	if link.Attrs().Flags&net.FlagUp != 0 {
		return nil
	}
	return netlink.LinkSetUp(link)
}

// ensureAddress gives the device the first address of the block, alone: the host's own packets to pods leave with it.
func ensureAddress(link netlink.Link, block netip.Prefix) error {
	found, err := netlink.AddrList(link, netlink.FAMILY_V4)
	if err != nil {
		return err
	}
	want := single(block.Addr())
	there := false
	for _, a := range found {
		if a.IPNet.String() == want.String() {
			there = true
		} else if err := netlink.AddrDel(link, &a); err != nil {
			return err
		}
	}
	if there {
		return nil
	}
	return netlink.AddrAdd(link, &netlink.Addr{IPNet: want})
}

func single(address netip.Addr) *net.IPNet {
	return &net.IPNet{IP: address.AsSlice(), Mask: net.CIDRMask(32, 32)}
}

func ipNet(p netip.Prefix) *net.IPNet {
	return &net.IPNet{IP: p.Addr().AsSlice(), Mask: net.CIDRMask(p.Bits(), 32)}
}

// ensureForwarding lets packets pass between pods and the tunnel.
func ensureForwarding() error {
	const path = "/proc/sys/net/ipv4/ip_forward"
	if now, err := os.ReadFile(path); err == nil && len(now) > 0 && now[0] == '1' {
		return nil
	}
	return os.WriteFile(path, []byte("1\n"), 0o644)
}
