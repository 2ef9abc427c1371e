package server

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"
)

// nth is the n-th address of a network.
func nth(cidr string, n int) (string, error) {
	p, err := netip.ParsePrefix(cidr)
	if err != nil {
		return "", err
	}
	a := p.Masked().Addr()
	for range n {
		a = a.Next()
	}
	return a.String(), nil
}

// joinHost is the host of the server to join, for etcd.
func (s *server) joinHost() (string, error) {
	raw := s.values.String("server")
	if raw == "" {
		return "", nil
	}
	u, err := url.Parse(raw)
	if err != nil {
		return "", err
	}
	if u.Scheme != "https" || u.Hostname() == "" {
		return "", fmt.Errorf("only https:// URLs are supported, invalid scheme: %s", raw)
	}
	return u.Hostname(), nil
}

// serverURL is the server to join with its port.
func (s *server) serverURL() string {
	raw := strings.TrimRight(s.values.String("server"), "/")
	if u, err := url.Parse(raw); err == nil && u.Port() == "" {
		u.Host = net.JoinHostPort(u.Hostname(), "6443")
		return u.String()
	}
	return raw
}
