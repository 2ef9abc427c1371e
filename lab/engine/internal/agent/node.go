// Package agent runs what every node runs: containerd, kubelet, kube-proxy and Flannel, with certificates from a server.
package agent

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strings"

	"drover/lab/engine/internal/config"
	"drover/lab/engine/internal/files"
	"drover/lab/engine/internal/nodepassword"
	"drover/lab/engine/internal/paths"
	"drover/lab/engine/internal/token"
)

// Node is this host as a member of a cluster.
type Node struct {
	Data     paths.Data
	Name     string
	IP       string
	Password string
}

// Identify works out the node's name and address, and its password on this host.
func Identify(v *config.Values) (Node, error) {
	n := Node{Data: paths.Data(v.String("data-dir")), Name: v.String("node-name"), IP: v.First("node-ip")}
	var err error
	if n.Name == "" {
		if n.Name, err = os.Hostname(); err != nil {
			return n, err
		}
	}
	n.Name = strings.ToLower(n.Name)
	if v.Bool("with-node-id") {
		if n.Name, err = withID(n.Name); err != nil {
			return n, err
		}
	}
	if n.IP == "" {
		if n.IP, err = defaultAddress(v.String("flannel-iface")); err != nil {
			return n, err
		}
	}
	if net.ParseIP(n.IP) == nil {
		return n, fmt.Errorf("invalid node-ip %s", n.IP)
	}
	n.Password, err = nodepassword.Local(paths.NodePassword)
	return n, err
}

func withID(name string) (string, error) {
	file := strings.TrimSuffix(paths.NodePassword, "password") + "id"
	id, err := files.ReadTrimmed(file)
	if err == nil && id == "" {
		id = token.Random(4)
		err = files.Write(file, []byte(id+"\n"), 0o600)
	}
	return name + "-" + id, err
}

// defaultAddress is the address of flannel-iface, or else of the interface that the default route goes through.
func defaultAddress(iface string) (string, error) {
	if iface != "" {
		i, err := net.InterfaceByName(iface)
		if err != nil {
			return "", err
		}
		addrs, err := i.Addrs()
		if err != nil {
			return "", err
		}
		for _, a := range addrs {
			if n, ok := a.(*net.IPNet); ok && n.IP.To4() != nil {
				return n.IP.String(), nil
			}
		}
		return "", fmt.Errorf("flannel-iface: %s has no IPv4 address", iface)
	}
	// A datagram socket chooses the source address; nothing is sent.
	c, err := net.Dial("udp4", "192.0.2.1:9")
	if err != nil {
		return "", errors.Join(errors.New("no default routes found in \"/proc/net/route\" or \"/proc/net/ipv6_route\""), err)
	}
	defer func() { _ = c.Close() }()
	return c.LocalAddr().(*net.UDPAddr).IP.String(), nil
}
